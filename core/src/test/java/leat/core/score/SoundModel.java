package leat.core.score;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import leat.core.contract.Contracts;
import leat.core.event.Position;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureViewReader;
import leat.core.model.Alias;
import leat.core.model.AliasMove;
import leat.core.model.ModelVersion;
import leat.core.model.VersionInfo;
import leat.core.monitor.Profile;
import leat.core.monitor.ProfileSketch;
import leat.core.monitor.ProfileTally;
import leat.core.monitor.ProfiledFeature;
import leat.core.monitor.Recomputed;
import leat.core.odcs.OdcsReader;
import leat.core.prediction.Lineup;
import leat.core.prediction.ScoringReader;
import leat.core.prediction.Standing;
import leat.core.prediction.Term;
import leat.core.tracking.LifecycleStage;
import leat.core.tracking.Metric;
import leat.core.tracking.NewestMetric;
import leat.core.tracking.Run;
import leat.core.tracking.RunInfo;
import leat.core.tracking.RunStatus;
import leat.core.training.Training;
import leat.core.training.TrainingReader;

/// A model that passes all tests; what a test plants in it is wrong. Version 1 answered first,
/// version 2 was tried, answered, was rolled back, and answers again; version 3 is version 2 once
/// more, from the same rows.
final class SoundModel {

    static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    private static final Profile LEARNED = profile(0, 100, 40, 160, 4_000);
    private static final Optional<Profile> SERVED =
            Optional.of(tallied(LEARNED, 0, 100, 40, 160, 2_000));

    String contract =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: machine
            version: 1.2.0
            status: active
            schema:
              - name: machine
                properties:
                  - {name: time, logicalType: timestamp, required: true}
                  - {name: machine, logicalType: string, required: true, classification: confidential}
                  - {name: load, logicalType: number, classification: internal}
                  - {name: heat, logicalType: number}
                  - {name: failed, logicalType: integer}
                quality:
                  - {name: rows come, metric: rowCount, mustBeGreaterThan: 0, severity: error}
            customProperties:
              - {property: leat.key, value: machine}
              - {property: leat.time, value: time}
              - property: leat.enrich
                value:
                  - {protect: {classification: confidential}, action: hash}
            """;

    String view =
            """
            description: State of a machine
            owner: plant
            entity: machine
            source: machine
            hop: 1m
            features:
              - {name: load, expression: event.load}
              - {name: heat, expression: event.heat, aggregate: mean, windows: 1h}
            """;

    String model =
            """
            scoring:
              model: failure
              view: state
              outputs: {risk: 'probabilities[1]'}
              challengers: [{alias: candidate, shadow: true}]
            training:
              data:
                label: {contract: machine, when: event.failed == 1}
              checks:
                features:
                  load: {min: 0, max: 100, missing: 1%}
                  heat_mean_1h: {min: 0, max: 200}
              algorithm: {name: xgboost, sweep: {max-depth: [4, 6]}}
              baseline: logistic
              slices: [load]
              gates:
                - {metric: f1, at-least: 0.8}
                - {metric: f1, better-than: baseline}
              alias: candidate
            score:
              groups: [load]
            """;

    /// The newest registered version of the contract.
    String registered = "1.2.0";

    /// Metrics of the run of version 2.
    final Map<String, Double> metrics =
            new HashMap<>(
                    Map.ofEntries(
                            Map.entry("f1", 0.9),
                            Map.entry("precision", 0.88),
                            Map.entry("recall", 0.92),
                            Map.entry("average_precision", 0.93),
                            Map.entry("baseline/f1", 0.7),
                            Map.entry("training/rows", 7_000.0),
                            Map.entry("training/positives", 700.0),
                            Map.entry("training/average_precision", 0.97),
                            Map.entry("sweep/1/average_precision", 0.9),
                            Map.entry("sweep/2/average_precision", 0.92),
                            Map.entry("effect/load", 0.2),
                            Map.entry("effect/heat_mean_1h", 0.1),
                            Map.entry("importance/load", 0.3),
                            Map.entry("importance/heat_mean_1h", 0.15),
                            Map.entry("export/rows", 3_000.0),
                            Map.entry("export/largest_difference", 1e-7),
                            Map.entry("by_load/quarter 1/rows", 800.0),
                            Map.entry("by_load/quarter 1/positives", 60.0),
                            Map.entry("by_load/quarter 1/f1", 0.85),
                            Map.entry("by_load/quarter 1/recall", 0.84),
                            Map.entry("by_load/quarter 1/false_positive_rate", 0.02),
                            Map.entry("by_load/quarter 2/rows", 700.0),
                            Map.entry("by_load/quarter 2/positives", 80.0),
                            Map.entry("by_load/quarter 2/f1", 0.93),
                            Map.entry("by_load/quarter 2/recall", 0.95),
                            Map.entry("by_load/quarter 2/false_positive_rate", 0.03),
                            Map.entry("previous/version", 1.0),
                            Map.entry("previous/hours_behind", 48.0),
                            Map.entry("previous/f1", 0.86),
                            Map.entry("previous/micros_per_row", 3.0),
                            Map.entry("later/rows", 900.0),
                            Map.entry("later/f1", 0.89),
                            Map.entry("speed/micros_per_row", 3.2)));

    /// Tags of version 2, beside those of its training.
    final Map<String, String> tags =
            new TreeMap<>(
                    Map.of(
                            "leat.gates", "passed",
                            "leat.gate-results", "f1 at-least 0.8: 0.9000 against 0.8000",
                            "leat.dataset", "0123456789abcdef",
                            "leat.view", "state.v1",
                            "leat.view-fingerprint", "v",
                            "leat.features", "load,heat_mean_1h",
                            "leat.seed", "0",
                            "leat.to", "2026-11-27T00:00:00Z",
                            "leat.trigger", "merge",
                            "mlflow.source.git.commit", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"));

    Instant created = NOW.minus(Duration.ofDays(2));
    RunStatus newestRun = RunStatus.FINISHED;
    Map<String, String> newestRunTags = Map.of();
    Optional<Version.File> file = Optional.of(new Version.File(100_000, "a".repeat(64)));
    Optional<Version.File> fileOfFirst = Optional.of(new Version.File(90_000, "b".repeat(64)));
    Optional<Version.File> fileOfThird = Optional.of(new Version.File(100_000, "a".repeat(64)));
    Profile learned = LEARNED;
    Optional<Profile> served = SERVED;
    OptionalLong delayMillis = OptionalLong.of(150);
    Optional<Instant> viewSince = Optional.of(NOW.minus(Duration.ofDays(9)));
    final List<AliasMove> moves =
            new ArrayList<>(
                    List.of(
                            move(AliasMove.Kind.ON, 2, Duration.ofHours(10)),
                            move(AliasMove.Kind.BACK, 1, Duration.ofHours(20)),
                            move(AliasMove.Kind.ON, 2, Duration.ofHours(30)),
                            move(AliasMove.Kind.ON, 1, Duration.ofDays(8))));
    final List<Evidence.DatedTerm> terms =
            new ArrayList<>(
                    List.of(
                            term(0, 1, 0, Duration.ofDays(8)),
                            term(900, 1, 2, Duration.ofHours(40)),
                            term(1_000, 2, 0, Duration.ofHours(30)),
                            term(1_100, 1, 0, Duration.ofHours(20).minusSeconds(2)),
                            term(1_200, 2, 0, Duration.ofHours(10).minusSeconds(1))));
    SeenPredictions predictions = new SeenPredictions(2_000, 1_800, 0, 0, "id/0@2000");
    Evidence.Replay replay = new Evidence.Replay("state.v1", 10_000, 10_000, 0, "");
    Recomputed recomputed = new Recomputed(500, 0, "", 0);
    Evidence.Explained explained = new Evidence.Explained("id/0@2000", 2, "");
    List<Evidence.OpenAlert> alerts = List.of();
    List<Evidence.WindowVerdict> verdicts =
            List.of(new Evidence.WindowVerdict("feature-drift", "2026-11-28T11:00:00Z", true, ""));
    List<Evidence.OnlineQuality> quality =
            List.of(online("failure/2", 0.86, 0.9), online("failure/1", 0.85, 0.87));

    static Evidence.OnlineQuality online(String version, double precision, double recall) {
        return new Evidence.OnlineQuality(
                version,
                "2026-11-28T10:00:00Z",
                Map.of("precision", precision, "recall", recall),
                60);
    }

    static AliasMove move(AliasMove.Kind kind, int version, Duration ago) {
        return new AliasMove("", kind, version, NOW.minus(ago).toEpochMilli(), "", "");
    }

    /// @param shadow a version; 0 for none
    static Evidence.DatedTerm term(long from, int champion, int shadow, Duration ago) {
        return new Evidence.DatedTerm(
                new Term(
                        "failure.v1",
                        Position.parse("AAAAAAAAAAAAAAAAAAAAAA/0@" + from),
                        new Lineup(
                                standing("champion", champion),
                                List.of(),
                                shadow == 0 ? List.of() : List.of(standing("candidate", shadow)),
                                List.of("load", "heat_mean_1h"))),
                NOW.minus(ago));
    }

    private static Standing standing(String alias, int version) {
        return new Standing(alias, "failure/" + version, OptionalLong.empty());
    }

    private static List<ProfiledFeature> profiled() {
        return List.of(ProfiledFeature.number("load"), ProfiledFeature.number("heat_mean_1h"));
    }

    /// Two features, evenly distributed.
    static Profile profile(double from, double to, double from2, double to2, int rows) {
        ProfileSketch sketch = new ProfileSketch(profiled());
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        for (int row = 0; row < rows; row++) {
            sketch.add(
                    row,
                    List.of(
                            from + random.nextDouble() * (to - from),
                            from2 + random.nextDouble() * (to2 - from2)));
        }
        return sketch.profile();
    }

    /// The same by the intervals of another profile.
    static Profile tallied(
            Profile like, double from, double to, double from2, double to2, int rows) {
        ProfileTally tally = new ProfileTally(like);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
        for (int row = 0; row < rows; row++) {
            tally.add(
                    List.of(
                            from + random.nextDouble() * (to - from),
                            from2 + random.nextDouble() * (to2 - from2)));
        }
        return tally.profile();
    }

    /// Version 2 has learned from other rows, and vectors look as those.
    void learnedFrom(double from, double to) {
        learned = profile(from, to, 40, 160, 4_000);
        served = Optional.of(tallied(learned, from, to, 40, 160, 2_000));
    }

    /// Vectors whose load is from one number to another.
    void serves(double from, double to) {
        served = Optional.of(tallied(learned, from, to, 40, 160, 2_000));
    }

    /// Its newest run was stopped by what it was to learn from.
    void stopRun() {
        newestRun = RunStatus.FAILED;
        newestRunTags = Map.of("leat.failure", "the data are not as they should be: heat is 9");
    }

    void plant(String what, String with, Place place) {
        switch (place) {
            case CONTRACT -> contract = replaced(contract, what, with);
            case VIEW -> view = replaced(view, what, with);
            case MODEL -> model = replaced(model, what, with);
        }
    }

    enum Place {
        CONTRACT,
        VIEW,
        MODEL
    }

    private static String replaced(String text, String what, String with) {
        if (!text.contains(what)) {
            throw new IllegalArgumentException("there is no '" + what + "'");
        }
        return text.replace(what, with);
    }

    Evidence evidence() {
        Contracts contracts =
                new Contracts(
                        List.of(OdcsReader.read(Path.of("machine.odcs.yaml"), contract).orThrow()));
        List<CompiledView> views =
                List.of(FeatureViewReader.read(Path.of("state.yaml"), view, contracts).orThrow());
        Path path = Path.of("failure.yaml");
        boolean trained = model.contains("training:");
        Optional<Training> training =
                trained
                        ? Optional.of(
                                TrainingReader.read(
                                                path,
                                                model,
                                                ScoringReader.Known.sound(
                                                        contracts, views, List.of()))
                                        .orThrow())
                        : Optional.empty();
        String definition = training.map(Training::fingerprint).orElse("d");
        return new Evidence(
                NOW,
                ScoreRulesReader.read(path, model, training.stream().toList()).orThrow(),
                new Evidence.Defined(
                        training,
                        Optional.of(ScoringReader.read(path, model, views).orThrow()),
                        registered.isEmpty() ? Map.of() : Map.of("machine.v1", registered),
                        viewSince),
                registry(definition),
                new Evidence.Served(
                        terms,
                        Optional.of(new SeenVectors(2_000, NOW, "id/0@2001", served, delayMillis)),
                        Optional.of(predictions)),
                new Evidence.Tried(
                        Optional.of(replay), Optional.of(recomputed), Optional.of(explained)),
                new Evidence.Watched(alerts, quality, verdicts));
    }

    private Evidence.Registered registry(String definition) {
        Map<String, String> trained = new TreeMap<>(Map.of("leat.definition", definition));
        trained.putAll(tags);
        Map<String, String> before = new TreeMap<>(trained);
        before.put("leat.dataset", "of the first");
        Run run = run("r2", RunStatus.FINISHED, metrics, Map.of());
        Version judged = version(2, trained, Optional.of(run), Optional.of(learned), file);
        return new Evidence.Registered(
                Optional.of(judged),
                List.of(
                        version(1, before, Optional.empty(), Optional.empty(), fileOfFirst),
                        judged,
                        version(3, trained, Optional.empty(), Optional.empty(), fileOfThird)),
                Optional.of(new Alias("champion", moves, 17)),
                Optional.of(run("r3", newestRun, Map.of(), newestRunTags)));
    }

    private Version version(
            int number,
            Map<String, String> all,
            Optional<Run> run,
            Optional<Profile> profile,
            Optional<Version.File> model) {
        return new Version(
                new ModelVersion(
                        "failure",
                        new VersionInfo(
                                "v" + number,
                                number,
                                "",
                                "r" + number,
                                "",
                                "",
                                "",
                                created.toEpochMilli(),
                                created.toEpochMilli()),
                        new TreeMap<>(all),
                        new TreeSet<>()),
                run,
                profile,
                model);
    }

    private static Run run(
            String id, RunStatus status, Map<String, Double> metrics, Map<String, String> tags) {
        TreeMap<String, NewestMetric> logged = new TreeMap<>();
        metrics.forEach((key, value) ->
                logged.put(key, new NewestMetric(new Metric(key, value, 1, 0), 0, 0, 1)));
        return new Run(
                new RunInfo(
                        id, "1", "", "", status, 1, OptionalLong.of(2), "", LifecycleStage.ACTIVE),
                new TreeMap<>(),
                new TreeMap<>(tags),
                logged,
                new TreeMap<>());
    }
}
