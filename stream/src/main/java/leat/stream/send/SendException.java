package leat.stream.send;

/// Why sending ended early. The message is complete: what, where, and what to do. Whatever was
/// confirmed is kept: the same command continues after it.
public abstract sealed class SendException extends RuntimeException {

    private SendException(String message, Throwable cause) {
        super(message, cause);
    }

    private SendException(String message) {
        super(message);
    }

    /// The input cannot be read as what it is said to be: mend the file, or name its format.
    public static final class UnreadableInput extends SendException {
        public UnreadableInput(String message) {
            super(message);
        }

        public UnreadableInput(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// The collector refused the request as a whole: do what its remedy says.
    public static final class Refused extends SendException {
        private final String code;

        public Refused(String code, String message) {
            super(message);
            this.code = code;
        }

        /// The collector's error code, e.g. `unknown-contract`; `http-403` where it gave none.
        public String code() {
            return code;
        }
    }

    /// No collector answered for too long: start it, then run the same command again.
    public static final class Unreachable extends SendException {
        public Unreachable(String message) {
            super(message);
        }
    }
}
