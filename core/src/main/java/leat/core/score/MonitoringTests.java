package leat.core.score;

import static leat.core.score.Phrases.count;
import static leat.core.score.Phrases.failed;
import static leat.core.score.Phrases.passed;
import static leat.core.score.Phrases.some;
import static leat.core.score.Phrases.text;
import static leat.core.score.Phrases.unknown;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import leat.core.contract.Contract;
import leat.core.model.ModelVersion;
import leat.core.monitor.Drift;
import leat.core.monitor.FeatureProfile;
import leat.core.monitor.Profile;
import leat.core.monitor.Recomputed;
import leat.core.prediction.Scoring;
import leat.core.score.Evidence.OpenAlert;

/// The tests of what is watched while a model is served.
record MonitoringTests(Evidence evidence) {

    /// So much slower or larger than the version before a version may be.
    private static final double SLOWER = 1.5;

    private static final double LARGER = 2;

    /// A difference that is no matter of timing.
    private static final double SLOWER_MICROS = 2;

    private static final long LARGER_BYTES = 1 << 20;

    /// So much worse than the version before.
    private static final double WORSE = 0.02;

    /// Of fewer rows nothing is said.
    private static final double FEWEST = 20;

    Finding withVersion(Function<Version, Finding> test) {
        return evidence.registered()
                .version()
                .map(test)
                .orElseGet(() -> unknown(ModelTests.TRAIN, ModelTests.NO_VERSION));
    }

    /// Alerts of a model's monitoring that are open, and rules that the newest window broke.
    private List<String> open(Set<String> rules) {
        String scoring = evidence.defined().scoring().map(Scoring::nameAndVersion).orElse("");
        List<String> open = new ArrayList<>();
        evidence.watched().alerts().stream()
                .filter(alert -> alert.of().equals(scoring) && rules.contains(alert.rule()))
                .map(MonitoringTests::named)
                .forEach(open::add);
        evidence.watched().verdicts().stream()
                .filter(verdict -> !verdict.passed() && rules.contains(verdict.rule()))
                .map(verdict ->
                        verdict.rule()
                                + " in the window of "
                                + verdict.window()
                                + (verdict.note().isEmpty() ? "" : ": " + verdict.note()))
                .forEach(open::add);
        return open;
    }

    /// Alerts of a view or contract that are open.
    private List<String> openOf(String nameAndVersion) {
        return evidence.watched().alerts().stream()
                .filter(alert -> alert.of().equals(nameAndVersion))
                .map(MonitoringTests::named)
                .toList();
    }

    private static String named(OpenAlert alert) {
        return alert.id() + " since " + alert.since();
    }

    private static Finding alarmed(List<String> open) {
        return failed("see leat alerts list", "the monitor says: %s", some(open));
    }

    Finding dependencies() {
        List<Contract> upstream = evidence.defined().upstream();
        if (upstream.isEmpty()) {
            return unknown("write training or scoring for it", DataTests.NO_VIEW);
        }
        List<String> changed = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        List<String> told = new ArrayList<>();
        for (Contract contract : upstream) {
            String name = contract.nameAndMajor();
            Optional<String> registered =
                    Optional.ofNullable(evidence.defined().contracts().get(name));
            long rules =
                    contract.quality().rules().stream()
                            .filter(rule -> rule.alert().isPresent())
                            .count();
            if (registered.isPresent() && !registered.get().equals(contract.version().toString())) {
                changed.add(
                        text(
                                "%s is registered in version %s, the workspace has %s",
                                name, registered.get(), contract.version()));
            } else if (rules == 0 || registered.isEmpty()) {
                silent.add(name);
            } else {
                told.add(text("%s (%s, %s)", name, registered.get(), count(rules, "rule")));
            }
        }
        if (!changed.isEmpty()) {
            return failed("take the newer contract over, and train again", some(changed));
        }
        return silent.isEmpty()
                ? passed("changes are registered and rules raise alerts of %s", some(told))
                : unknown(
                        "write rules of quality with a severity into the contract, e.g. rowCount",
                        "nobody would be told of a change of %s",
                        some(silent));
    }

    Finding invariants() {
        Expected expected = new Expected(evidence);
        List<String> described = expected.described();
        if (described.isEmpty()) {
            return unknown(
                    "write expect in the view, or training.checks.features",
                    "nothing is expected of the features");
        }
        Optional<String> stopped = expected.stoppedBecause();
        if (stopped.isPresent()) {
            return failed("look at what changed in the data", stopped.get());
        }
        List<String> open = new ArrayList<>(open(Set.of("missing-values", "silence")));
        evidence.defined()
                .view()
                .ifPresent(view -> open.addAll(openOf(view.view().nameAndVersion())));
        if (!open.isEmpty()) {
            return alarmed(open);
        }
        Optional<SeenVectors> vectors = evidence.served().vectors();
        Optional<Profile> profile = vectors.flatMap(SeenVectors::profile);
        if (vectors.isEmpty() || profile.isEmpty()) {
            return unknown(
                    "train with leat train, and let the features stage run",
                    "no vector was compared with what is expected");
        }
        List<String> broken = expected.broken(profile.get());
        return broken.isEmpty()
                ? passed(
                        "what is expected of %s holds in training and in the newest %s vectors, to"
                                + " %s",
                        count(described.size(), "feature"),
                        vectors.get().count(),
                        vectors.get().position())
                : failed(
                        "look at what changed in the data",
                        "of the newest %s vectors, to %s: %s",
                        vectors.get().count(),
                        vectors.get().position(),
                        some(broken));
    }

    Finding agreement(Version version) {
        Optional<Recomputed> found = evidence.tried().recomputed();
        if (found.filter(one -> one.different() > 0).isPresent()) {
            Recomputed recomputed = found.get();
            return failed(
                    "see leat models explain " + recomputed.first(),
                    "%,d of %,d predictions are other ones when they are made again, first %s",
                    recomputed.different(),
                    recomputed.predictions(),
                    recomputed.first());
        }
        List<String> open = open(Set.of("feature-drift", "score-drift", "agreement"));
        if (!open.isEmpty()) {
            return alarmed(open);
        }
        Optional<SeenVectors> vectors = evidence.served().vectors();
        Optional<Profile> now = vectors.flatMap(SeenVectors::profile);
        Optional<Profile> then = version.features();
        if (vectors.isPresent() && now.isPresent() && then.isPresent()) {
            List<String> drifted = drifted(then.get(), now.get());
            if (!drifted.isEmpty()) {
                return failed(
                        "find out what changed; where the world did, train again",
                        "the newest %s vectors, to %s, are not like the training of %s: %s",
                        vectors.get().count(),
                        vectors.get().position(),
                        version.reference(),
                        some(drifted));
            }
            if (found.filter(one -> one.predictions() > 0).isPresent()) {
                return passed(
                        "%,d predictions made again are the same%s, and no feature of the newest"
                                + " %s vectors has drifted from the training of %s",
                        found.get().predictions(),
                        found.get().leftOut() == 0
                                ? ""
                                : text(" (%,d cannot be compared)", found.get().leftOut()),
                        vectors.get().count(),
                        version.reference());
            }
        }
        return unknown(
                "train with leat train, promote, and let features and scorer run",
                then.isEmpty()
                        ? "the version has no training profile"
                        : "there are no vectors and predictions of it to compare");
    }

    private static List<String> drifted(Profile then, Profile now) {
        List<String> drifted = new ArrayList<>();
        Drift.between(then, now)
                .forEach((feature, drift) ->
                        drift.beyond(Drift.Limits.DEFAULT).stream()
                                .findFirst()
                                .ifPresent(beyond ->
                                        drifted.add(
                                                text(
                                                        "%s by %s %.3f",
                                                        feature,
                                                        beyond.measure(),
                                                        beyond.value()))));
        return drifted;
    }

    Finding age(Version version) {
        List<String> open = open(Set.of("age"));
        if (!open.isEmpty()) {
            return alarmed(open);
        }
        Duration age =
                Duration.between(
                        Instant.ofEpochMilli(version.version().info().createdMillis()),
                        evidence.now());
        String what =
                text(
                        "%s is %s old, its newest row of %s",
                        version.reference(),
                        Phrases.time(age),
                        version.tag(ModelVersion.TO_TAG).isEmpty()
                                ? "no known time"
                                : version.tag(ModelVersion.TO_TAG));
        Duration oldest = evidence.rules().oldest();
        return age.compareTo(oldest) > 0
                ? failed("train it again", "%s; %s is allowed", what, Phrases.time(oldest))
                : passed("%s; %s is allowed", what, Phrases.time(oldest));
    }

    Finding numbers(Version version) {
        List<String> open = open(Set.of("failures"));
        if (!open.isEmpty()) {
            return alarmed(open);
        }
        List<String> wrong = new ArrayList<>();
        version.run()
                .ifPresent(run ->
                        run.metrics()
                                .forEach((key, newest) -> {
                                    if (!Double.isFinite(newest.metric().value())) {
                                        wrong.add(
                                                key + " of the run is " + newest.metric().value());
                                    }
                                }));
        version.features().ifPresent(profile -> wrong.addAll(infinite(profile, "the training")));
        evidence.served()
                .vectors()
                .flatMap(SeenVectors::profile)
                .ifPresent(profile -> wrong.addAll(infinite(profile, "the newest vectors")));
        Optional<SeenPredictions> seen = evidence.served().predictions();
        seen.filter(one -> one.unstable() > 0)
                .ifPresent(one ->
                        wrong.add(
                                text(
                                        "%,d of %,d predictions have no finite number",
                                        one.unstable(), one.ofVersion())));
        if (!wrong.isEmpty()) {
            return failed("find where the number comes from before it is served", some(wrong));
        }
        return seen.filter(one -> one.ofVersion() > 0).isPresent() && version.run().isPresent()
                ? passed(
                        "all %,d numbers of run %s and the newest %,d predictions of %s are finite",
                        version.run().orElseThrow().metrics().size(),
                        version.runId(),
                        seen.orElseThrow().ofVersion(),
                        version.reference())
                : unknown(
                        "train with leat train, promote, and let the scorer run",
                        "there is no run and prediction of %s to look at",
                        version.reference());
    }

    /// What a model was given that is infinite. NaN is how a missing value is given to it.
    private static List<String> infinite(Profile profile, String where) {
        List<String> infinite = new ArrayList<>();
        profile.features()
                .forEach((feature, seen) -> {
                    if (seen instanceof FeatureProfile.Numbers numbers
                            && numbers.infinities() > 0) {
                        infinite.add(
                                text(
                                        "%s is infinite in %,d rows of %s",
                                        feature, numbers.infinities(), where));
                    }
                });
        return infinite;
    }

    Finding speed(Version version) {
        OptionalDouble now = version.metric("speed/micros_per_row");
        OptionalDouble before = version.metric("previous/micros_per_row");
        Optional<Version> previous = previous(version);
        if (now.isEmpty() || before.isEmpty() || previous.isEmpty()) {
            return unknown(
                    "train it once more: leat train times the version before too",
                    "the run of %s had no version before to compare with",
                    version.reference());
        }
        String what =
                text(
                        "%s takes %.2f µs a row, %s took %.2f (run %s)",
                        version.reference(),
                        now.getAsDouble(),
                        previous.get().reference(),
                        before.getAsDouble(),
                        version.runId());
        if (now.getAsDouble() > SLOWER * before.getAsDouble()
                && now.getAsDouble() - before.getAsDouble() > SLOWER_MICROS) {
            return failed("make it smaller, or take fewer features", what);
        }
        OptionalLong bytes = version.sizeBytes();
        OptionalLong bytesBefore = previous.get().sizeBytes();
        if (bytes.isPresent() && bytesBefore.isPresent()) {
            String size =
                    text(
                            "%s; it has %,d bytes, before %,d",
                            what, bytes.getAsLong(), bytesBefore.getAsLong());
            return bytes.getAsLong() > LARGER * bytesBefore.getAsLong()
                            && bytes.getAsLong() - bytesBefore.getAsLong() > LARGER_BYTES
                    ? failed("make it smaller", size)
                    : passed(size);
        }
        return passed(what);
    }

    /// The version that it was compared with when it was trained.
    private Optional<Version> previous(Version version) {
        OptionalDouble number = version.metric("previous/version");
        return number.isPresent()
                ? evidence.registered().version((int) number.getAsDouble())
                : Optional.empty();
    }

    Finding quality(Version version) {
        List<String> open = open(Set.of("precision", "recall"));
        if (!open.isEmpty()) {
            return alarmed(open);
        }
        Optional<Evidence.OnlineQuality> seen = newest(version.reference());
        if (seen.isPresent()) {
            return online(version, seen.get());
        }
        Optional<String> metric = ModelTests.compared(version, "later/", "previous/");
        double rows = version.metric("later/rows").orElse(0);
        if (metric.isEmpty() || rows < FEWEST) {
            return unknown(
                    "write monitoring.labels; or train again once there are newer rows",
                    "neither later labels nor a run on newer rows say how right %s is",
                    version.reference());
        }
        return compared(
                text("%,.0f newest rows that neither has learned from", rows),
                metric.get(),
                version.metric("later/" + metric.get()).orElse(Double.NaN),
                version.metric("previous/" + metric.get()).orElse(Double.NaN),
                "the version before");
    }

    private Optional<Evidence.OnlineQuality> newest(String version) {
        return evidence.watched().quality().stream()
                .filter(one -> one.version().equals(version) && one.rows() >= ModelTests.FEWEST)
                .findFirst();
    }

    /// Against the newest other version that was watched, else against what the training promised.
    private Finding online(Version version, Evidence.OnlineQuality seen) {
        Optional<Evidence.OnlineQuality> other =
                evidence.watched().quality().stream()
                        .filter(one ->
                                !one.version().equals(version.reference())
                                        && one.rows() >= ModelTests.FEWEST)
                        .findFirst();
        Set<String> metrics = new TreeSet<>(seen.metrics().keySet());
        String where = "window " + seen.window() + " of " + version.reference();
        List<Finding> findings = new ArrayList<>();
        for (String metric : metrics) {
            double now = Objects.requireNonNull(seen.metrics().get(metric));
            Optional<Double> before =
                    other.map(Evidence.OnlineQuality::metrics)
                            .flatMap(all -> Optional.ofNullable(all.get(metric)));
            OptionalDouble promised = version.metric(metric);
            if (before.isPresent()) {
                findings.add(
                        compared(where, metric, now, before.get(), other.orElseThrow().version()));
            } else if (promised.isPresent()) {
                findings.add(
                        compared(
                                where,
                                metric,
                                now,
                                promised.getAsDouble() - 0.1,
                                "0.1 below its training"));
            }
        }
        return findings.stream()
                .filter(Finding.Failed.class::isInstance)
                .findFirst()
                .or(() -> findings.stream().findFirst())
                .orElseGet(() ->
                        unknown(ModelTests.TRAIN, "%s has nothing to be compared with", where));
    }

    private static Finding compared(
            String where, String metric, double now, double before, String whose) {
        String what = text("%s: %s %.3f, %.3f of %s", where, metric, now, before, whose);
        return now >= before - WORSE ? passed(what) : failed("roll back, and find out why", what);
    }
}
