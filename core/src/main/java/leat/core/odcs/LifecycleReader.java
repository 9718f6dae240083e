package leat.core.odcs;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import leat.core.contract.Lifecycle;
import leat.core.contract.Lifecycle.Status;
import leat.core.yaml.Keys;

/// Reads `status` and `leat.deprecation`.
record LifecycleReader(Keys root, LeatProperties ours) {

    private static final String DEPRECATION = "leat.deprecation";
    private static final String SUCCESSOR = "[a-z][a-z0-9]*(-[a-z0-9]+)*(\\.v\\d{1,6})?";

    /// A status that ODCS does not know has been complained of already.
    Lifecycle read() {
        Status status =
                root.text("status")
                        .filter(OdcsKeys.STATUSES::contains)
                        .map(word -> Status.valueOf(word.toUpperCase(Locale.ROOT)))
                        .orElse(Status.ACTIVE);
        Optional<Keys> deprecation = ours.values().keys(DEPRECATION);
        if (deprecation.isEmpty()) {
            return new Lifecycle(status, Optional.empty(), Optional.empty(), Optional.empty());
        }
        Keys keys = deprecation.get();
        keys.allow(Set.of("since", "until", "successor"));
        if (status != Status.DEPRECATED && status != Status.RETIRED) {
            ours.values()
                    .complain(
                            DEPRECATION,
                            "the contract's status is " + status.word(),
                            "write status: deprecated, or leave the dates out");
        }
        Optional<LocalDate> since = keys.parsed("since", scalar -> day(scalar.text()));
        Optional<LocalDate> until = keys.parsed("until", scalar -> day(scalar.text()));
        if (keys.mapping().find("since").isEmpty()) {
            keys.complain("since", "is missing", "write the first day, e.g. 2026-12-01");
        }
        if (since.isPresent() && until.filter(end -> !end.isAfter(since.get())).isPresent()) {
            keys.complain("until", "is not after since", "give clients time to move on");
        }
        return new Lifecycle(
                status, since, until, keys.parsed("successor", scalar -> name(scalar.text())));
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a day, write e.g. 2027-06-01", e);
        }
    }

    private static String name(String text) {
        if (!text.matches(SUCCESSOR)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a contract's name, write e.g. car-telemetry.v2");
        }
        return text;
    }
}
