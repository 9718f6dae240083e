package leat.client;

import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// Tells an encrypted connection that will never come about from one that broke off.
public final class Distrust {

    private Distrust() {}

    /// Whether a connection failed because one side does not believe the other, which no repetition
    /// changes; an encrypted connection can also break off like any other.
    public static boolean isCauseOf(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException
                    || cause instanceof SSLPeerUnverifiedException
                    || (cause instanceof SSLException
                            && String.valueOf(cause.getMessage()).contains("fatal alert"))) {
                return true;
            }
        }
        return false;
    }

    /// What becomes of a try that it ended.
    static Attempt.Refused refusal(String host, Throwable failure) {
        Throwable first = failure;
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            first = cause;
        }
        return new Attempt.Refused(
                "tls",
                host
                        + " and this program do not trust each other ("
                        + first.getMessage()
                        + "), or it is not called by a name of its certificate");
    }
}
