package leat.core.model;

import java.time.Duration;
import leat.core.config.DurationText;

/// How long versions stay that nothing names: one goes when it is neither among the newest nor
/// young.
///
/// @param versions the newest ones that stay, however old, from 1 to [ModelLimits#VERSIONS]
/// @param age below which all stay, however many, up to [#LONGEST]
public record Retention(int versions, Duration age) {

    public static final Duration LONGEST = Duration.ofDays(3_650);

    public static final Retention DEFAULT = new Retention(10, Duration.ofDays(30));

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when one is out of its range
    public Retention {
        if (versions < 1 || versions > ModelLimits.VERSIONS) {
            throw new IllegalArgumentException(
                    versions + " versions cannot be kept: write from 1 to " + ModelLimits.VERSIONS);
        }
        if (age.isNegative() || age.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "an age of "
                            + DurationText.of(age)
                            + " is out of range: write from 0s to "
                            + DurationText.of(LONGEST));
        }
    }
}
