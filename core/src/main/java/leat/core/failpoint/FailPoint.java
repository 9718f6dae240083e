package leat.core.failpoint;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A named place between two side effects. Armed by the system property `leat.failpoint=NAME` or
/// `NAME:N`, the N-th pass through it halts the JVM as kill -9 would: no shutdown hook runs,
/// nothing is flushed. The places are listed in `docs/concepts/crash-points.md`.
public final class FailPoint {

    /// The exit code of a halted process, that of a SIGKILL.
    public static final int EXIT_CODE = 137;

    private static final @Nullable Armed ARMED = Armed.parse(System.getProperty("leat.failpoint"));

    private record Armed(String name, AtomicLong passesLeft) {
        static @Nullable Armed parse(@Nullable String setting) {
            if (setting == null || setting.isBlank()) {
                return null;
            }
            int colon = setting.lastIndexOf(':');
            return colon < 0
                    ? new Armed(setting, new AtomicLong(1))
                    : new Armed(
                            setting.substring(0, colon),
                            new AtomicLong(Long.parseLong(setting.substring(colon + 1))));
        }
    }

    private FailPoint() {}

    /// Halts here when this place is armed and its pass has come.
    public static void reach(String name) {
        Armed armed = ARMED;
        if (armed != null
                && armed.name().equals(name)
                && armed.passesLeft().decrementAndGet() == 0) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }
}
