package leat.core.monitor;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import leat.core.config.DurationText;
import leat.core.contract.Contracts;
import leat.core.contract.QualityRule.AlertPolicy;
import leat.core.feature.CompiledView;
import leat.core.yaml.Checked;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;

/// Reads the part `monitoring` of a file `models/NAME.yaml`.
public final class MonitoringReader {

    private static final Set<String> KEYS =
            Set.of(
                    "window",
                    "minimum-rows",
                    "drift",
                    "missing",
                    "failed",
                    "agreement",
                    "silence",
                    "maximum-age",
                    "latency",
                    "memory",
                    "labels",
                    "severity",
                    "for",
                    "resolve-after");
    private static final Set<String> DRIFT_KEYS = Set.of("psi", "ks", "js");
    private static final Set<String> SEVERITIES = Set.of("info", "warning", "error");
    private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(1);
    private static final Duration LONGEST_WINDOW = Duration.ofDays(1);
    private static final Duration LONGEST = Duration.ofDays(3_650);
    private static final int MOST_ROWS = 100_000;
    private static final int MOST_AGAIN = 1_000;
    private static final int MOST_WINDOWS = 100;
    private static final int MOST_TIMES = 1_000;

    private final Keys keys;
    private final Subject subject;

    private MonitoringReader(Keys keys, Subject subject) {
        this.keys = keys;
        this.subject = subject;
    }

    /// What is watched.
    ///
    /// @param outputs the numbers that predictions have
    public record Subject(CompiledView view, List<String> outputs, Checked<Contracts> contracts) {
        public Subject {
            outputs = List.copyOf(outputs);
        }
    }

    /// The monitoring that the keys say, the defaults where they say nothing or something wrong.
    public static Monitoring read(Keys keys, Subject subject) {
        return new MonitoringReader(keys, subject).read();
    }

    private Monitoring read() {
        keys.allow(KEYS);
        Monitoring usual = Monitoring.DEFAULT;
        return new Monitoring(
                duration(keys, "window", SHORTEST_WINDOW, LONGEST_WINDOW).orElse(usual.window()),
                keys.integer("minimum-rows", 20, MOST_ROWS).orElse(usual.minimumRows()),
                keys.keys("drift").map(MonitoringReader::limits).orElse(usual.limits()),
                number(keys, "missing", 100).orElse(usual.missingPercent()),
                number(keys, "failed", 100).orElse(usual.failedPercent()),
                keys.integer("agreement", 0, MOST_AGAIN).orElse(usual.agreement()),
                duration(keys, "silence", SHORTEST_WINDOW, LONGEST),
                duration(keys, "maximum-age", SHORTEST_WINDOW, LONGEST),
                factor("latency").orElse(usual.latencyFactor()),
                factor("memory").orElse(usual.memoryFactor()),
                keys.keys("labels")
                        .flatMap(one ->
                                new LabelsReader(
                                                one,
                                                subject.view(),
                                                subject.outputs(),
                                                subject.contracts())
                                        .read()),
                new AlertPolicy(
                        severity(),
                        keys.integer("for", 1, MOST_WINDOWS).orElse(usual.alert().failures()),
                        keys.integer("resolve-after", 1, MOST_WINDOWS)
                                .orElse(usual.alert().successes())));
    }

    private static Drift.Limits limits(Keys drift) {
        drift.allow(DRIFT_KEYS);
        Drift.Limits usual = Drift.Limits.DEFAULT;
        return new Drift.Limits(
                number(drift, "psi", 100).orElse(usual.psi()),
                number(drift, "ks", 1).orElse(usual.ks()),
                number(drift, "js", 1).orElse(usual.js()));
    }

    private Optional<Double> factor(String key) {
        Optional<Double> factor = keys.decimal(key).map(BigDecimal::doubleValue);
        factor.filter(value -> !isFactor(value))
                .ifPresent(value ->
                        keys.complain(
                                key,
                                value + " is not above 1 and at most " + MOST_TIMES,
                                "write how many times as much as the last version's it may be"));
        return factor.filter(MonitoringReader::isFactor);
    }

    private static boolean isFactor(double value) {
        return value > 1 && value <= MOST_TIMES;
    }

    static Optional<Double> number(Keys keys, String key, int most) {
        Optional<Double> number = keys.decimal(key).map(BigDecimal::doubleValue);
        number.filter(value -> !(value > 0 && value <= most))
                .ifPresent(value ->
                        keys.complain(
                                key,
                                value + " is not above 0 and at most " + most,
                                "write a number in that range"));
        return number.filter(value -> value > 0 && value <= most);
    }

    static Optional<Duration> duration(Keys keys, String key, Duration shortest, Duration longest) {
        return keys.parsed(
                key,
                scalar -> {
                    Duration duration = DurationText.parse(scalar.text());
                    if (duration.compareTo(shortest) < 0 || duration.compareTo(longest) > 0) {
                        throw new IllegalArgumentException(
                                "'"
                                        + scalar.text()
                                        + "' is not from "
                                        + DurationText.of(shortest)
                                        + " to "
                                        + DurationText.of(longest));
                    }
                    return duration;
                });
    }

    private String severity() {
        String severity = keys.text("severity").orElse(Monitoring.DEFAULT.alert().severity());
        if (!SEVERITIES.contains(severity)) {
            keys.complain(
                    "severity",
                    "there is no severity '" + severity + "'",
                    NearestName.remedy(severity, List.copyOf(SEVERITIES)));
        }
        return severity;
    }
}
