package leat.ml.objectstore;

/// An object store did not answer, or did not let us in. The same may be asked again later.
public final class ObjectStoreUnavailable extends RuntimeException {

    /// @param uri of what was asked for
    public ObjectStoreUnavailable(String uri, Throwable cause) {
        super(
                "the object store does not give "
                        + uri
                        + " ("
                        + cause.getMessage()
                        + "): see that it runs, and what leat.yaml says of it under"
                        + " models.object-store",
                cause);
    }
}
