package leat.core.monitor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import leat.core.alert.Alert;
import leat.core.alert.Alert.Command;
import leat.core.monitor.MonitoringState.FirstWindow;
import leat.core.quality.Verdict;
import leat.core.quality.Verdict.Judgement;

/// Judges a scoring window by window. What comes out is a function of the windows.
///
/// Each version that predicted has verdicts of its own; alerts follow those that answer, so that a
/// shadow raises none. An alert is about the scoring: when a version takes another's place, its
/// windows go on where the other's ended.
public final class ModelJudging {

    private static final int NAMED_FEATURES = 5;
    private static final int FEWEST_EVENTS = 5;
    private static final int FEWEST_ALARMS = 10;

    /// The quantile of 1 - 1e-6 of the standard normal distribution.
    private static final double NORMAL_QUANTILE = 4.753424;

    private final Monitoring monitoring;
    private final MonitoringState before;
    private final SeenWindow seen;
    private final List<Finding> findings = new ArrayList<>();
    private final SequencedMap<String, FirstWindow> baselines;
    private final CostJudging costs;

    /// One verdict.
    ///
    /// @param version empty for what is about the scoring as a whole
    /// @param answers whether an alert follows it
    /// @param rows looked at
    /// @param drifts by feature, of the rules about drift
    public record Finding(
            ModelRule rule,
            String version,
            boolean answers,
            long rows,
            Verdict verdict,
            SequencedMap<String, Drift> drifts) {
        public Finding {
            drifts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(drifts));
        }
    }

    /// An alert that has changed its status.
    ///
    /// @param verdict that did it
    public record Changed(ModelRule rule, Alert alert, Verdict verdict) {}

    /// What a window came to.
    public record Judged(MonitoringState after, List<Finding> findings, List<Changed> changes) {
        public Judged {
            findings = List.copyOf(findings);
            changes = List.copyOf(changes);
        }
    }

    private ModelJudging(Monitoring monitoring, MonitoringState before, SeenWindow seen) {
        this.monitoring = monitoring;
        this.before = before;
        this.seen = seen;
        this.baselines = new LinkedHashMap<>(before.baselines());
        this.costs = new CostJudging(monitoring, before.served(), seen);
    }

    /// Judges the window that follows those judged before.
    public static Judged judge(Monitoring monitoring, MonitoringState before, SeenWindow seen) {
        return new ModelJudging(monitoring, before, seen).judge();
    }

    private Judged judge() {
        OptionalLong newest =
                seen.newestVectorMillis().isPresent()
                        ? seen.newestVectorMillis()
                        : before.newestVectorMillis();
        silence(newest);
        seen.versions().forEach(this::judge);
        monitoring
                .labels()
                .ifPresent(labels -> seen.labelled().ifPresent(one -> judge(labels, one)));
        MonitoringState after =
                new MonitoringState(
                        seen.endMillis(),
                        newest,
                        before.alerts(),
                        baselines,
                        costs.after(),
                        seen.labelled().map(LabelledWindow::alarms).orElse(before.alarms()));
        List<Changed> changes = new ArrayList<>();
        for (ModelRule rule : ModelRule.values()) {
            Optional<Verdict> verdict = ofThoseThatAnswer(rule);
            if (verdict.isPresent()) {
                boolean passed = verdict.get().judgement() == Judgement.PASSED;
                Alert old = after.alert(rule);
                Alert alert =
                        old.apply(
                                old.decide(
                                        new Command.Judged(
                                                passed, monitoring.alert(), seen.endMillis())));
                after = after.with(rule, alert);
                if (alert.status() != old.status()) {
                    changes.add(new Changed(rule, alert, verdict.get()));
                }
            }
        }
        return new Judged(after, findings, changes);
    }

    /// Somebody has taken an alert up; empty when it is not firing.
    public static Optional<MonitoringState> acknowledge(MonitoringState state, ModelRule rule) {
        Alert alert = state.alert(rule);
        List<Alert.Event> events = alert.decide(new Command.Acknowledge());
        return events.isEmpty()
                ? Optional.empty()
                : Optional.of(state.with(rule, alert.apply(events)));
    }

    /// The first failure, else the first success; empty where nothing was judged.
    private Optional<Verdict> ofThoseThatAnswer(ModelRule rule) {
        return findings.stream()
                .filter(finding -> finding.rule() == rule && finding.answers())
                .map(Finding::verdict)
                .filter(verdict -> verdict.judgement() != Judgement.NOT_JUDGED)
                .min(Comparator.comparing(verdict -> verdict.judgement() != Judgement.FAILED));
    }

    private void silence(OptionalLong newest) {
        monitoring
                .silence()
                .ifPresent(longest -> {
                    Verdict verdict;
                    if (newest.isEmpty()) {
                        verdict = notJudged("no vector has come yet");
                    } else {
                        double seconds = (seen.endMillis() - newest.getAsLong()) / 1e3;
                        verdict = atMost(seconds, longest.toMillis() / 1e3, "");
                    }
                    add(ModelRule.SILENCE, verdict);
                });
    }

    private void judge(Labels labels, LabelledWindow window) {
        labels.recall()
                .ifPresent(least -> {
                    Verdict verdict =
                            atLeast(window.recall(), least, window.events(), FEWEST_EVENTS);
                    findings.add(
                            new Finding(
                                    ModelRule.RECALL,
                                    "",
                                    true,
                                    window.events(),
                                    verdict,
                                    new LinkedHashMap<>()));
                });
        labels.precision()
                .ifPresent(least ->
                        window.versions()
                                .forEach((version, outcome) ->
                                        findings.add(precision(version, outcome, least))));
    }

    private static Finding precision(String version, LabelledWindow.Outcome outcome, double least) {
        long alarms = outcome.confusion().truePositives() + outcome.confusion().falsePositives();
        return new Finding(
                ModelRule.PRECISION,
                version,
                outcome.answers(),
                alarms,
                atLeast(outcome.confusion().precision(), least, alarms, FEWEST_ALARMS),
                new LinkedHashMap<>());
    }

    private static Verdict atLeast(double value, double limit, long count, int fewest) {
        return count < fewest
                ? notJudged(count + " are fewer than " + fewest)
                : new Verdict(
                        value >= limit ? Judgement.PASSED : Judgement.FAILED,
                        OptionalDouble.of(value),
                        "");
    }

    private void add(ModelRule rule, Verdict verdict) {
        findings.add(new Finding(rule, "", true, seen.vectors(), verdict, new LinkedHashMap<>()));
    }

    private void judge(SeenWindow.Version version) {
        drift(ModelRule.FEATURE_DRIFT, version, version.features());
        drift(ModelRule.SCORE_DRIFT, version, version.scores());
        add(ModelRule.MISSING_VALUES, version, version.features().now().rows(), missing(version));
        add(ModelRule.FAILURES, version, version.predictions(), failures(version));
        if (monitoring.has(ModelRule.AGREEMENT)) {
            add(
                    ModelRule.AGREEMENT,
                    version,
                    version.again().predictions(),
                    agreement(version.again()));
        }
        if (monitoring.maximumAge().isPresent()) {
            long oldest = monitoring.maximumAge().get().toMillis();
            Verdict verdict =
                    version.createdMillis().isEmpty()
                            ? notJudged("it is not known when the version was registered")
                            : atMost(
                                    (seen.endMillis() - version.createdMillis().getAsLong()) / 1e3,
                                    oldest / 1e3,
                                    version.name());
            add(ModelRule.AGE, version, version.predictions(), verdict);
        }
        add(ModelRule.LATENCY, version, version.cost().rows(), costs.latency(version));
        add(ModelRule.MEMORY, version, version.predictions(), costs.memory(version));
        keep(version);
    }

    private void add(ModelRule rule, SeenWindow.Version version, long rows, Verdict verdict) {
        findings.add(
                new Finding(
                        rule,
                        version.name(),
                        version.answers(),
                        rows,
                        verdict,
                        new LinkedHashMap<>()));
    }

    private void drift(ModelRule rule, SeenWindow.Version version, SeenWindow.Sight sight) {
        Profile now = sight.now();
        SequencedMap<String, Drift> drifts =
                sight.baseline()
                        .map(baseline -> Drift.between(baseline, now))
                        .orElseGet(LinkedHashMap::new);
        findings.add(
                new Finding(
                        rule,
                        version.name(),
                        version.answers(),
                        now.rows(),
                        verdict(sight, drifts),
                        drifts));
    }

    private Verdict verdict(SeenWindow.Sight sight, SequencedMap<String, Drift> drifts) {
        long rows = sight.now().rows();
        if (rows < monitoring.minimumRows()) {
            return tooFew(rows);
        }
        if (sight.baseline().isEmpty()) {
            return notJudged(
                    "the version has no training profile: its first full window, this one, is the"
                            + " baseline");
        }
        if (drifts.isEmpty()) {
            return notJudged("the baseline has none of these features");
        }
        List<Map.Entry<String, Drift>> beyond =
                drifts.entrySet().stream()
                        .filter(one -> !one.getValue().beyond(monitoring.limits()).isEmpty())
                        .sorted(
                                Comparator.comparingDouble((Map.Entry<String, Drift> one) ->
                                                -one.getValue().psi())
                                        .thenComparing(Map.Entry::getKey))
                        .toList();
        double worst = drifts.values().stream().mapToDouble(Drift::psi).max().orElse(0);
        return beyond.isEmpty()
                ? new Verdict(Judgement.PASSED, OptionalDouble.of(worst), "")
                : new Verdict(
                        Judgement.FAILED,
                        OptionalDouble.of(beyond.getFirst().getValue().psi()),
                        words(beyond));
    }

    private String words(List<Map.Entry<String, Drift>> beyond) {
        String named =
                beyond.stream()
                        .limit(NAMED_FEATURES)
                        .map(one -> one.getKey() + ": " + words(one.getValue()))
                        .collect(Collectors.joining("; "));
        int more = beyond.size() - NAMED_FEATURES;
        return more > 0 ? named + "; and " + more + " more" : named;
    }

    private String words(Drift drift) {
        return drift.beyond(monitoring.limits()).stream()
                .map(one -> String.format(Locale.ROOT, "%s %.3f", one.measure(), one.value()))
                .collect(Collectors.joining(", "));
    }

    /// By the feature that is absent the most more often.
    private Verdict missing(SeenWindow.Version version) {
        Profile now = version.features().now();
        if (now.rows() < monitoring.minimumRows()) {
            return tooFew(now.rows());
        }
        if (version.features().baseline().isEmpty()) {
            return notJudged("there is no baseline yet");
        }
        Profile baseline = version.features().baseline().get();
        double worst = 0;
        List<String> failed = new ArrayList<>();
        for (Map.Entry<String, FeatureProfile> feature : now.features().entrySet()) {
            FeatureProfile then = baseline.features().get(feature.getKey());
            if (then != null && then.rows() > 0) {
                double more = share(feature.getValue()) - share(then);
                worst = Math.max(worst, 100 * more);
                if (100 * more >= monitoring.missingPercent()
                        && more >= byChance(then, feature.getValue())) {
                    failed.add(
                            String.format(
                                    Locale.ROOT,
                                    "%s: %.1f percent, %.1f in the baseline",
                                    feature.getKey(),
                                    100 * share(feature.getValue()),
                                    100 * share(then)));
                }
            }
        }
        return new Verdict(
                failed.isEmpty() ? Judgement.PASSED : Judgement.FAILED,
                OptionalDouble.of(worst),
                failed.stream().limit(NAMED_FEATURES).collect(Collectors.joining("; ")));
    }

    private static double share(FeatureProfile feature) {
        return (double) feature.absent() / feature.rows();
    }

    /// How much two shares of one chance differ once in a million comparisons.
    private static double byChance(FeatureProfile then, FeatureProfile now) {
        double pooled =
                (double) (then.absent() + now.absent()) / (double) (then.rows() + now.rows());
        return NORMAL_QUANTILE
                * Math.sqrt(pooled * (1 - pooled) * (1.0 / then.rows() + 1.0 / now.rows()));
    }

    private Verdict failures(SeenWindow.Version version) {
        return version.predictions() < monitoring.minimumRows()
                ? tooFew(version.predictions())
                : atMost(
                        100.0 * version.failed() / version.predictions(),
                        monitoring.failedPercent(),
                        "");
    }

    private static Verdict agreement(Recomputed again) {
        if (again.predictions() == 0) {
            return notJudged(
                    again.leftOut() == 0
                            ? "there was no prediction to be made again"
                            : again.leftOut() + " predictions could not be made again");
        }
        return new Verdict(
                again.different() == 0 ? Judgement.PASSED : Judgement.FAILED,
                OptionalDouble.of(100.0 * again.different() / again.predictions()),
                again.different() == 0 ? "" : "first " + again.first());
    }

    private static Verdict atMost(double value, double limit, String note) {
        return new Verdict(
                value < limit ? Judgement.PASSED : Judgement.FAILED,
                OptionalDouble.of(value),
                note);
    }

    private Verdict tooFew(long rows) {
        return notJudged(rows + " rows are fewer than " + monitoring.minimumRows());
    }

    private static Verdict notJudged(String why) {
        return new Verdict(Judgement.NOT_JUDGED, OptionalDouble.empty(), why);
    }

    /// A full window of a version that has no baseline is it from now on.
    private void keep(SeenWindow.Version version) {
        FirstWindow old = before.baseline(version.name());
        FirstWindow kept =
                new FirstWindow(
                        kept(old.features(), version.features()),
                        kept(old.scores(), version.scores()));
        if (!kept.equals(FirstWindow.NONE)) {
            baselines.remove(version.name());
            baselines.put(version.name(), kept);
        }
    }

    private Optional<Profile> kept(Optional<Profile> old, SeenWindow.Sight sight) {
        boolean first =
                sight.baseline().isEmpty() && sight.now().rows() >= monitoring.minimumRows();
        return first ? Optional.of(sight.now()) : old;
    }
}
