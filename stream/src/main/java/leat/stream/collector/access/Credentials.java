package leat.stream.collector.access;

/// What a client showed of itself, by whatever protocol.
public sealed interface Credentials {

    /// It showed nothing.
    record None() implements Credentials {}

    /// An API key, as the client sent it: a bearer token, a password.
    record Key(String secret) implements Credentials {

        /// Without the secret.
        @Override
        public String toString() {
            return "Key[…]";
        }
    }

    /// A certificate that the connection's handshake has verified.
    ///
    /// @param commonName the CN of its subject
    record Certificate(String commonName) implements Credentials {}
}
