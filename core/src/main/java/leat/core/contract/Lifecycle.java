package leat.core.contract;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/// Whether a contract is in use, and until when. Days are days in UTC.
///
/// @param since the first day on which clients are told to move on; empty where that is not said
/// @param until the day from whose beginning on no events are taken; empty where that is not said
/// @param successor what clients are to use instead, `car-telemetry.v2`; empty where nothing is
///   named
public record Lifecycle(
        Status status,
        Optional<LocalDate> since,
        Optional<LocalDate> until,
        Optional<String> successor) {

    /// The life of a contract that is simply in use.
    public static final Lifecycle ACTIVE =
            new Lifecycle(Status.ACTIVE, Optional.empty(), Optional.empty(), Optional.empty());

    /// The states that ODCS knows.
    public enum Status {
        PROPOSED,
        DRAFT,
        ACTIVE,
        DEPRECATED,
        RETIRED;

        /// `deprecated`, as in ODCS.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Whether clients have been told, or are being told, to move on.
    public boolean isDeprecated() {
        return status == Status.DEPRECATED || status == Status.RETIRED;
    }

    /// The instant from which no events are taken; the beginning of time for a retired contract.
    public Optional<Instant> end() {
        return status == Status.RETIRED
                ? Optional.of(Instant.EPOCH)
                : until.map(day -> day.atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    /// Whether no events are taken any more.
    public boolean hasEnded(Instant now) {
        return end().filter(end -> !now.isBefore(end)).isPresent();
    }

    /// `active`, or `deprecated until 2027-06-01, use car-telemetry.v2`.
    @Override
    public String toString() {
        return status.word()
                + until.map(day -> " until " + day).orElse("")
                + successor.map(name -> ", use " + name).orElse("");
    }
}
