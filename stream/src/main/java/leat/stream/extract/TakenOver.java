package leat.stream.extract;

import org.jspecify.annotations.Nullable;

/// Another process reads the same source and has taken it over: this one has to stop.
public final class TakenOver extends RuntimeException {

    TakenOver(String source, String why, @Nullable Throwable cause) {
        super(
                "another process reads "
                        + source
                        + " too ("
                        + why
                        + "); run one of them, or give one another name",
                cause);
    }
}
