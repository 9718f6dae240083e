package leat.ml.training.algorithm;

/// An algorithm cannot run on this machine, whatever it is given.
public final class AlgorithmUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1;

    AlgorithmUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
