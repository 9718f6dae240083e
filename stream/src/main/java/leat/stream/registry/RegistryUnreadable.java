package leat.stream.registry;

import org.jspecify.annotations.Nullable;

/// A record of the contracts' topic is none of this program's: a newer program wrote it, or
/// somebody else. The user has to run that program, or see to who writes there.
public final class RegistryUnreadable extends RuntimeException {

    RegistryUnreadable(String topic, long offset, String why, @Nullable Throwable cause) {
        super(
                "record "
                        + offset
                        + " of topic "
                        + topic
                        + " is not a registered contract that this program can read: "
                        + why,
                cause);
    }
}
