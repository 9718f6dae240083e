package leat.stream.collector.access;

import java.util.Locale;

/// Why a client may not do something. Says nothing about keys that it does not hold.
///
/// @param kind tells protocols which of their codes is meant
/// @param message what is wrong
/// @param remedy what would be right
public record Denial(Kind kind, String message, String remedy) {

    /// The two kinds that every protocol tells apart.
    public enum Kind {
        /// Nobody knows who the client is: 401, UNAUTHENTICATED, bad user name or password.
        UNAUTHENTICATED,
        /// The client is known and may not do this: 403, PERMISSION_DENIED, not authorized.
        FORBIDDEN;

        /// `unauthenticated`, as in metrics.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
