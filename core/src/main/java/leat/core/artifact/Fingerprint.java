package leat.core.artifact;

/// What tells the bytes of a file from others.
public sealed interface Fingerprint {

    /// Of the bytes themselves.
    ///
    /// @param digits hexadecimal
    record Sha256(String digits) implements Fingerprint {}

    /// What an object store calls the bytes that it has under a name. The same bytes have another
    /// one where they were uploaded in other parts.
    record Etag(String value) implements Fingerprint {}

    /// The SHA-256; empty text where only the store's name for the bytes is known.
    default String sha256() {
        return switch (this) {
            case Sha256(String digits) -> digits;
            case Etag _ -> "";
        };
    }
}
