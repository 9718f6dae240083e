package leat.client;

/// Why events could not be delivered. Whatever was answered for is stored; what was not may be, and
/// sent again with the same ids it is a duplicate.
public abstract sealed class ClientException extends RuntimeException {

    private ClientException(String message) {
        super(message);
    }

    /// The collector refuses the request as a whole: do what its remedy says.
    public static final class Refused extends ClientException {
        private final String code;

        Refused(String code, String message) {
            super(message);
            this.code = code;
        }

        /// The collector's word for it, `no-such-contract`; `http-403` where it gave none.
        public String code() {
            return code;
        }
    }

    /// No collector has answered for too long.
    public static final class Unreachable extends ClientException {
        Unreachable(String message) {
            super(message);
        }
    }

    /// The client was closed, or its waits were ended, before the collector answered.
    public static final class Closed extends ClientException {
        Closed() {
            super("the client was closed before the collector answered");
        }
    }
}
