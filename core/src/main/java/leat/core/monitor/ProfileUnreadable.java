package leat.core.monitor;

import org.jspecify.annotations.Nullable;

/// What should be a profile is none. To read it again is of no use; the version needs to be trained
/// again, or its profile written again.
public final class ProfileUnreadable extends RuntimeException {

    private static final long serialVersionUID = 1;

    ProfileUnreadable(String message, @Nullable Throwable cause) {
        super("not a profile: " + message, cause);
    }
}
