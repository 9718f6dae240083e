package leat.core.score;

import static leat.core.score.Phrases.count;
import static leat.core.score.Phrases.failed;
import static leat.core.score.Phrases.passed;
import static leat.core.score.Phrases.some;
import static leat.core.score.Phrases.text;
import static leat.core.score.Phrases.unknown;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import leat.core.model.ModelVersion;
import leat.core.training.Gate;
import leat.core.training.Training;

/// The tests of how a model is developed.
record ModelTests(Evidence evidence) {

    /// What a classifier is compared by, the first that is known.
    static final List<String> METRICS = List.of("f1", "average_precision", "roc_auc");

    static final String NO_VERSION = "there is no version";
    static final String TRAIN = "train it with leat train";

    private static final String COMMIT = "mlflow.source.git.commit";
    private static final String TRIGGER = "leat.trigger";

    /// So far metrics of production may be from those of the training.
    private static final double ONLINE = 0.15;

    /// Of fewer alarms or events nothing is said.
    static final long FEWEST = 10;

    /// So much of the metric a stale version may lose.
    private static final double STALE = 0.1;

    /// A slice has to reach so much of what all rows do.
    private static final double SLICE = 0.75;

    /// So far rates of errors of two groups may be apart.
    private static final double GROUPS = 0.2;

    private static final double SLICE_ROWS = 30;
    private static final double SLICE_POSITIVES = 5;

    Finding withVersion(Function<Version, Finding> test) {
        return evidence.registered()
                .version()
                .map(test)
                .orElseGet(() -> unknown(TRAIN, NO_VERSION));
    }

    Finding review(Version version) {
        Optional<Training> training = evidence.defined().training();
        String definition = version.tag(ModelVersion.DEFINITION_TAG);
        if (training.isEmpty() || definition.isEmpty()) {
            return unknown(
                    "write training into a file of models/ and use leat train",
                    "%s was not made by a training of the workspace",
                    version.reference());
        }
        if (!definition.equals(training.get().fingerprint())) {
            return failed(
                    "train again, or set the file back",
                    "%s was trained by another definition than %s has",
                    version.reference(),
                    training.get().file().getFileName());
        }
        String commit = version.tag(COMMIT);
        if (commit.isEmpty()) {
            return unknown(
                    "have models trained from merged commits: leat train --ci",
                    "%s has the definition of %s, and no commit",
                    version.reference(),
                    training.get().file().getFileName());
        }
        return passed(
                "%s was trained of commit %s by %s, as %s is",
                version.reference(),
                commit.substring(0, Math.min(12, commit.length())),
                version.tag(TRIGGER).isEmpty() ? "leat train" : version.tag(TRIGGER),
                training.get().file().getFileName());
    }

    Finding online(Version version) {
        Optional<Evidence.OnlineQuality> found =
                evidence.watched().quality().stream()
                        .filter(one -> one.version().equals(version.reference()))
                        .filter(one -> one.rows() >= FEWEST)
                        .findFirst();
        if (found.isEmpty()) {
            return unknown(
                    "write monitoring.labels, and let a window with labels pass",
                    "no window says how right %s is",
                    version.reference());
        }
        SortedMap<String, String> compared = new TreeMap<>();
        List<String> apart = new ArrayList<>();
        found.get()
                .metrics()
                .forEach((metric, value) ->
                        version.metric(metric)
                                .ifPresent(offline -> {
                                    String both =
                                            text(
                                                    "%s %.3f, %.3f in training",
                                                    metric, value, offline);
                                    compared.put(metric, both);
                                    if (!isAsGood(metric, value, offline)) {
                                        apart.add(both);
                                    }
                                }));
        if (compared.isEmpty()) {
            return unknown(
                    TRAIN, "the run of %s has no metric to compare with", version.reference());
        }
        return apart.isEmpty()
                ? passed(
                        "window %s of %s: %s",
                        found.get().window(), version.reference(), some(compared.values()))
                : failed(
                        "look for what the training does not see, e.g. labels that come late",
                        "window %s of %s: %s",
                        found.get().window(),
                        version.reference(),
                        some(apart));
    }

    /// The monitor counts events that had an alarm, which are found more easily than single rows.
    private static boolean isAsGood(String metric, double online, double offline) {
        return metric.equals("recall")
                ? online >= offline - ONLINE
                : Math.abs(online - offline) <= ONLINE;
    }

    Finding hyperparameters(Version version) {
        SortedMap<String, Double> sweep = version.metrics("sweep/");
        if (sweep.size() < 2) {
            return unknown(
                    "write algorithm: {sweep: …} and train again",
                    "the run of %s has tried one set of parameters",
                    version.reference());
        }
        double best = sweep.values().stream().mapToDouble(one -> one).max().orElse(Double.NaN);
        double worst = sweep.values().stream().mapToDouble(one -> one).min().orElse(Double.NaN);
        return best > worst
                ? passed(
                        "the best of %s by validation rows, average precision %.4f against %.4f of"
                                + " the worst (run %s)",
                        count(sweep.size(), "candidate"), best, worst, version.runId())
                : failed(
                        "try values that make a difference, or more validation rows",
                        "all %s of run %s have average precision %.4f",
                        count(sweep.size(), "candidate"),
                        version.runId(),
                        best);
    }

    Finding staleness(Version version) {
        OptionalDouble behind = version.metric("previous/hours_behind");
        Optional<String> metric = compared(version, "later/", "previous/");
        if (behind.isEmpty() || metric.isEmpty()) {
            return unknown(
                    "train again once there are newer rows: leat train judges the version before by"
                            + " them too",
                    "no run of %s has judged an older version by newer rows",
                    version.reference());
        }
        double now = version.metric("later/" + metric.get()).orElse(Double.NaN);
        double old = version.metric("previous/" + metric.get()).orElse(Double.NaN);
        Duration age = Duration.ofSeconds(Math.round(behind.getAsDouble() * 3600));
        String what =
                text(
                        "%s older data: %s %.3f instead of %.3f on the newest %,.0f rows (run %s)",
                        Phrases.time(age),
                        metric.get(),
                        old,
                        now,
                        version.metric("later/rows").orElse(0),
                        version.runId());
        if (!(now - old <= STALE) && age.compareTo(evidence.rules().oldest()) < 0) {
            return failed(
                    "train more often, and lower score.oldest",
                    "%s, yet a version may be %s old",
                    what,
                    Phrases.time(evidence.rules().oldest()));
        }
        return passed(what);
    }

    /// The metric that both have.
    static Optional<String> compared(Version version, String one, String other) {
        return METRICS.stream()
                .filter(metric ->
                        version.metric(one + metric).isPresent()
                                && version.metric(other + metric).isPresent())
                .findFirst();
    }

    Finding simpler(Version version) {
        List<String> asked =
                evidence.defined().training().map(Training::gates).orElse(List.of()).stream()
                        .filter(gate -> gate.bound() instanceof Gate.Bound.BetterThanBaseline)
                        .map(Gate::metric)
                        .toList();
        List<String> metrics =
                asked.isEmpty() ? compared(version, "", "baseline/").stream().toList() : asked;
        List<String> better = new ArrayList<>();
        List<String> worse = new ArrayList<>();
        for (String metric : metrics) {
            OptionalDouble own = version.metric(metric);
            OptionalDouble baseline = version.metric("baseline/" + metric);
            if (own.isPresent() && baseline.isPresent()) {
                double gain =
                        (own.getAsDouble() - baseline.getAsDouble())
                                * (Gate.isLoss(metric) ? -1 : 1);
                (gain > 0 ? better : worse)
                        .add(
                                text(
                                        "%s %.4f, baseline %.4f",
                                        metric, own.getAsDouble(), baseline.getAsDouble()));
            }
        }
        if (!worse.isEmpty()) {
            return failed(
                    "serve the baseline, or find out what the model lacks",
                    "run %s: %s",
                    version.runId(),
                    some(worse));
        }
        return better.isEmpty()
                ? unknown(
                        "write baseline: logistic and train again",
                        "the run of %s has trained no baseline",
                        version.reference())
                : passed("run %s: %s", version.runId(), some(better));
    }

    /// Metrics of slices by `FEATURE/VALUE`, of those that have enough rows of both kinds.
    private static SortedMap<String, Map<String, Double>> large(Version version) {
        SortedMap<String, Map<String, Double>> slices = new TreeMap<>();
        version.metrics("by_")
                .forEach((key, value) -> {
                    int slash = key.lastIndexOf('/');
                    if (slash > 0) {
                        slices.computeIfAbsent(key.substring(0, slash), _ -> new TreeMap<>())
                                .put(key.substring(slash + 1), value);
                    }
                });
        slices.values()
                .removeIf(slice ->
                        slice.getOrDefault("rows", 0.0) < SLICE_ROWS
                                || slice.getOrDefault("positives", 0.0) < SLICE_POSITIVES);
        return slices;
    }

    Finding slices(Version version) {
        SortedMap<String, Map<String, Double>> slices = large(version);
        Optional<String> metric =
                METRICS.stream().filter(one -> version.metric(one).isPresent()).findFirst();
        if (slices.size() < 2 || metric.isEmpty()) {
            return unknown(
                    "write slices: [FEATURE] and train again",
                    "the run of %s has no two slices of %.0f rows and %.0f positives",
                    version.reference(),
                    SLICE_ROWS,
                    SLICE_POSITIVES);
        }
        double overall = version.metric(metric.get()).orElse(Double.NaN);
        List<String> poor = new ArrayList<>();
        String lowest = "";
        double least = Double.POSITIVE_INFINITY;
        for (Map.Entry<String, Map<String, Double>> slice : slices.entrySet()) {
            double value = slice.getValue().getOrDefault(metric.get(), 0.0);
            if (value < least) {
                least = value;
                lowest = slice.getKey();
            }
            if (!(value >= SLICE * overall)) {
                poor.add(text("%s %.3f", slice.getKey(), value));
            }
        }
        return poor.isEmpty()
                ? passed(
                        "%s, %s at least %.3f (%s), overall %.3f (run %s)",
                        count(slices.size(), "slice"),
                        metric.get(),
                        least,
                        lowest,
                        overall,
                        version.runId())
                : failed(
                        "add features or rows that tell of the slice",
                        "%s of all rows is %.3f, of slices: %s (run %s)",
                        metric.get(),
                        overall,
                        some(poor),
                        version.runId());
    }

    Finding inclusion(Version version) {
        List<String> groups = evidence.rules().groups();
        if (groups.isEmpty()) {
            return unknown(
                    "name features that tell groups apart in score.groups and training.slices",
                    "no groups are named");
        }
        SortedMap<String, Map<String, Double>> slices = large(version);
        List<String> apart = new ArrayList<>();
        List<String> alike = new ArrayList<>();
        for (String group : groups) {
            List<Map<String, Double>> values = new ArrayList<>();
            slices.forEach((name, metrics) -> {
                if (name.startsWith(group + "/")) {
                    values.add(metrics);
                }
            });
            if (values.size() < 2) {
                return unknown(
                        "write it into training.slices and train again",
                        "the run of %s has no two slices by %s of %.0f rows and %.0f positives",
                        version.reference(),
                        group,
                        SLICE_ROWS,
                        SLICE_POSITIVES);
            }
            for (String rate : List.of("recall", "false_positive_rate")) {
                double spread = spread(values, rate);
                (spread <= GROUPS ? alike : apart).add(text("%s by %s %.3f", rate, group, spread));
            }
        }
        return apart.isEmpty()
                ? passed("groups are apart by: %s (run %s)", some(alike), version.runId())
                : failed(
                        "add rows of the group, or choose another threshold",
                        "groups are more than %s apart: %s (run %s)",
                        GROUPS,
                        some(apart),
                        version.runId());
    }

    private static double spread(List<Map<String, Double>> slices, String metric) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (Map<String, Double> slice : slices) {
            double value = slice.getOrDefault(metric, 0.0);
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        return most - least;
    }
}
