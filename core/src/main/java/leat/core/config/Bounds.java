package leat.core.config;

import java.time.Duration;

/// Checks that a setting's value is in its range, both ends included.
public final class Bounds {

    private Bounds() {}

    /// Checks a number.
    ///
    /// @throws IllegalArgumentException that names `key` and its range
    public static void within(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    key + " must be from " + least + " to " + most + ", not " + value);
        }
    }

    /// Checks a size.
    ///
    /// @param least in bytes, as is `most`
    /// @throws IllegalArgumentException that names `key` and its range
    public static void within(String key, DataSize value, long least, long most) {
        if (value.bytes() < least || value.bytes() > most) {
            throw new IllegalArgumentException(
                    key
                            + " must be from "
                            + new DataSize(least)
                            + " to "
                            + new DataSize(most)
                            + ", not "
                            + value);
        }
    }

    /// Checks a time.
    ///
    /// @throws IllegalArgumentException that names `key` and its range
    public static void within(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    key + " must be from " + least + " to " + most + ", not " + value);
        }
    }
}
