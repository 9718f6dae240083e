package leat.client;

import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// Tells an encrypted connection that will never come about from one that broke off.
public final class Distrust {

    private Distrust() {}

    /// Whether a connection failed because one side does not believe the other, which no repetition
    /// changes; an encrypted connection can also break off like any other.
    public static boolean isCauseOf(IOException failure) {
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
}
