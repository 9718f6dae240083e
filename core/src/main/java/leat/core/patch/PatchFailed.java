package leat.core.patch;

/// A correction cannot be made of this one event, e.g. because a field it needs is absent.
public final class PatchFailed extends Exception {

    private static final long serialVersionUID = 1;

    PatchFailed(String message) {
        super(message, null, false, false);
    }
}
