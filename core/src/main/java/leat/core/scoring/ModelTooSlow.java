package leat.core.scoring;

/// A run of a model was ended, since it took longer than it may. With fewer rows it may be done.
public final class ModelTooSlow extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// Says how long it may take.
    public ModelTooSlow(long millis) {
        super("the model took longer than " + millis + " ms", null, false, false);
    }
}
