package leat.ml.scoring.protocol;

/// What somebody sent is not of the protocol; the text says where.
public final class InferenceMalformed extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// Of what was found.
    public InferenceMalformed(String message) {
        super(message, null, false, false);
    }
}
