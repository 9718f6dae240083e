package leat.ml.fold;

import org.jspecify.annotations.Nullable;

/// A record of a topic is none of this program's: a newer program wrote it, or somebody else. The
/// user has to run that program, or see to who writes there.
public final class RecordUnreadable extends RuntimeException {

    public RecordUnreadable(String topic, long offset, String why, @Nullable Throwable cause) {
        super(
                "record "
                        + offset
                        + " of topic "
                        + topic
                        + " is none that this program can read: "
                        + why
                        + "; run the program that wrote it, or a newer one",
                cause);
    }
}
