package leat.core.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import leat.core.model.Retention;
import leat.core.prediction.ScoringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainingReaderTest {

    private static final String FULL =
            """
            description: Whether a machine fails
            owner: plant
            tags: [machines]
            training:
              model: machine-failure
              data:
                view: state
                features: [heat, load]
                missing: nan
                from: 2026-01-01T00:00:00Z
                last: 90d
                max-rows: 5000
                label: {contract: machine, when: event.failed == 1, within: 24h}
              checks:
                rows: 100
                unreadable: 2%
                missing: 5%
                drift: 0.25
                features:
                  load: {min: 0, max: 100, missing: 1%}
              split: {test: 20%, validation: 10%}
              algorithm:
                name: xgboost
                parameters: {rounds: 50}
                sweep: {depth: [4, 6], eta: [0.1, 0.3]}
              baseline: logistic
              threshold: best
              slices: [heat]
              gates:
                - {metric: f1, at-least: 0.85}
                - {metric: log_loss, at-most: 0.2}
                - {metric: f1, better-than: baseline}
              alias: candidate
              seed: 7
              triggers: {schedule: 24h, new-labels: 10000, max-age: 7d, drift: true}
              retention: {versions: 5, age: 12h}
            """;

    @TempDir private Path folder;

    @Test
    void everyKeyIsRead() {
        Training training = Trainings.training(FULL);

        assertThat(training.name().value()).isEqualTo("failure");
        assertThat(training.model()).isEqualTo("machine-failure");
        TrainingData data = training.data();
        assertThat(data.view().view().nameAndVersion()).isEqualTo("state.v2");
        assertThat(data.features()).containsExactly("heat", "load");
        assertThat(data.nanForMissing()).isTrue();
        assertThat(data.from()).contains(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(data.last()).contains(Duration.ofDays(90));
        assertThat(data.mostRows()).isEqualTo(5_000);
        assertThat(data.label().orElseThrow().within()).contains(Duration.ofHours(24));
        assertThat(data.label().orElseThrow().key()).hasToString("machine");
        assertThat(training.checks())
                .isEqualTo(
                        new Checks(
                                100,
                                0.02,
                                OptionalDouble.of(0.05),
                                OptionalDouble.of(0.25),
                                new TreeMap<>(
                                        Map.of(
                                                "load",
                                                new Checks.Bounds(
                                                        OptionalDouble.of(0),
                                                        OptionalDouble.of(100),
                                                        OptionalDouble.of(0.01))))));
        assertThat(training.split()).isEqualTo(new Split(0.2, 0.1));
        assertThat(training.algorithm().candidates())
                .containsExactly(
                        new TreeMap<>(Map.of("rounds", "50", "depth", "4", "eta", "0.1")),
                        new TreeMap<>(Map.of("rounds", "50", "depth", "4", "eta", "0.3")),
                        new TreeMap<>(Map.of("rounds", "50", "depth", "6", "eta", "0.1")),
                        new TreeMap<>(Map.of("rounds", "50", "depth", "6", "eta", "0.3")));
        assertThat(training.baseline().orElseThrow().name()).isEqualTo("logistic");
        assertThat(training.threshold()).contains(new Threshold.Best());
        assertThat(training.slices()).containsExactly("heat");
        assertThat(training.gates())
                .containsExactly(
                        new Gate("f1", new Gate.Bound.AtLeast(0.85)),
                        new Gate("log_loss", new Gate.Bound.AtMost(0.2)),
                        new Gate("f1", new Gate.Bound.BetterThanBaseline()));
        assertThat(training.alias()).contains("candidate");
        assertThat(training.seed()).isEqualTo(7);
        assertThat(training.triggers())
                .isEqualTo(
                        new Triggers(
                                Optional.of(Duration.ofDays(1)),
                                OptionalLong.of(10_000),
                                Optional.of(Duration.ofDays(7)),
                                true));
        assertThat(training.retention()).contains(new Retention(5, Duration.ofHours(12)));
    }

    @Test
    void whatTrainingLeavesOutScoringSays() {
        Training training =
                Trainings.training(
                        """
                        scoring:
                          model: machine-failure
                          view: state
                          features: [heat]
                          missing: nan
                          outputs: {score: 'probabilities[1]'}
                        training:
                          data: {label: {field: broken}}
                          algorithm: logistic
                        """);

        assertThat(training.model()).isEqualTo("machine-failure");
        assertThat(training.data().view().view().nameAndVersion()).isEqualTo("state.v2");
        assertThat(training.data().features()).containsExactly("heat");
        assertThat(training.data().nanForMissing()).isTrue();
        assertThat(training.data().label().orElseThrow().contract().name().value())
                .isEqualTo("machine");
        assertThat(training.split()).isEqualTo(new Split(0.3, 0.25));
    }

    @Test
    void aFileMayHaveOneOfTheTwo() throws IOException {
        Files.writeString(
                folder.resolve("trained.yaml"),
                """
                training:
                  model: m
                  data: {view: state, features: [load]}
                  algorithm: k-means
                """);
        Files.writeString(
                folder.resolve("scored.yaml"),
                """
                scoring:
                  model: m
                  view: state
                  outputs: {score: out}
                """);
        Files.writeString(folder.resolve("neither.yaml"), "owner: x\n");

        ScoringReader.Known known =
                ScoringReader.Known.sound(Trainings.contracts(), Trainings.views(), List.of());
        assertThat(TrainingReader.readFolder(folder, known).orThrow())
                .extracting(one -> one.name().value())
                .containsExactly("trained");
        assertThat(ScoringReader.readFolder(folder, known).faults())
                .extracting(Object::toString)
                .containsExactly(
                        folder.resolve("neither.yaml")
                                + ":1: scoring: is missing. Say what is scored: model, view and"
                                + " outputs.");
    }

    @Test
    void theOrderOfKeysDoesNotChangeWhatIsMeant() {
        String one =
                """
                training:
                  model: m
                  algorithm: k-means
                  data: {view: state, features: [load, heat]}
                """;
        String other =
                """
                training:
                  data: {features: [load, heat], view: state}
                  algorithm: 'k-means'
                  model: m
                """;

        assertThat(Trainings.training(one).fingerprint())
                .isEqualTo(Trainings.training(other).fingerprint());
        assertThat(Trainings.training(one).data().fingerprint())
                .isEqualTo(Trainings.training(one + "  seed: 3\n").data().fingerprint());
        assertThat(Trainings.training(one).fingerprint())
                .isEqualTo(Trainings.training(one + "  triggers: {schedule: 1h}\n").fingerprint())
                .isEqualTo(Trainings.training(one + "  retention: {age: 1h}\n").fingerprint());
        assertThat(Trainings.training(one).fingerprint())
                .isNotEqualTo(Trainings.training(one + "  seed: 3\n").fingerprint())
                .isNotEqualTo(
                        Trainings.training(one.replace("load, heat", "heat, load")).fingerprint());
    }

    @Test
    void everyProblemIsToldWithItsPlaceAndRemedy() {
        assertThat(
                        Trainings.problems(
                                """
                                training:
                                  data:
                                    view: state
                                    features: [laod, kind, heat]
                                    label: {when: event.failed, within: 0s}
                                  algoritm: xgboost
                                  split: {test: 100%}
                                  gates:
                                    - {metric: f2, at-least: 0.5}
                                    - {metric: f1}
                                    - {metric: f1, better-than: baseline}
                                  checks: {features: {lod: {min: 2, max: 1}}}
                                """))
                .containsExactly(
                        "failure.yaml:2: training.model: is missing. Name the registered model,"
                                + " e.g. failure-risk.",
                        "failure.yaml:2: training.algorithm: is missing. Name what learns, e.g."
                                + " xgboost.",
                        "failure.yaml:4: training.data.features: the view has no feature 'laod'."
                                + " Write 'load' if that was meant.",
                        "failure.yaml:4: training.data.features: the feature 'kind' is neither a"
                                + " number nor a boolean. Leave it out, or let the view make"
                                + " numbers of it, e.g. event.type == 'L'.",
                        "failure.yaml:5: training.data.label.within: is nothing; write e.g. 24h.",
                        "failure.yaml:5: training.data.label.when: yields no truth. Compare it,"
                                + " e.g. when: event.failed == 1.",
                        "failure.yaml:6: training.algoritm: unknown key. Write 'algorithm' if that"
                                + " was meant.",
                        "failure.yaml:7: training.split.test: '100%' is no share of less than"
                                + " 100%, as 30%.",
                        "failure.yaml:9: training.gates[0].metric: there is no metric 'f2'. Write"
                                + " 'f1' if that was meant.",
                        "failure.yaml:10: training.gates[1].metric: has no bound. Write at-least,"
                                + " at-most or better-than, one in each gate.",
                        "failure.yaml:11: training.gates[2].better-than: there is no baseline."
                                + " Name one beside algorithm, e.g. baseline: logistic.",
                        "failure.yaml:12: training.checks.features.lod: is no feature of the"
                                + " training. Use one of heat.",
                        "failure.yaml:12: training.checks.features.lod.min: is above max. Swap the"
                                + " two.");
    }

    private static String upTo(String until) {
        return """
        training:
          model: m
          algorithm: k-means
          data:
            view: state
            features: [load]
            from: 2026-01-01T00:00:00Z
            until: %s
            last: 30d
        """
                .formatted(until);
    }

    @Test
    void dataMayEnd() {
        Training training = Trainings.training(upTo("2026-02-01T00:00:00Z"));

        TrainingData data = training.data();
        assertThat(data.from()).contains(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(data.until()).contains(Instant.parse("2026-02-01T00:00:00Z"));
        assertThat(data.last()).contains(Duration.ofDays(30));
        assertThat(data.isBeforeEnd(Instant.parse("2026-01-31T23:59:59.999999Z"))).isTrue();
        assertThat(data.isBeforeEnd(Instant.parse("2026-02-01T00:00:00Z"))).isFalse();
        assertThat(data.fingerprint())
                .isNotEqualTo(
                        Trainings.training(upTo("2026-02-01T00:00:01Z")).data().fingerprint());
    }

    @Test
    void anEndThatContradictsTheRestIsTold() {
        String notAfter =
                "failure.yaml:8: training.data.until: is not after from. Write a later time: rows"
                        + " are taken from from on, and before until.";

        assertThat(Trainings.problems(upTo("2026-01-01T00:00:00Z"))).containsExactly(notAfter);
        assertThat(Trainings.problems(upTo("2025-12-31T00:00:00Z"))).containsExactly(notAfter);
        assertThat(Trainings.problems(upTo("yesterday")))
                .containsExactly(
                        "failure.yaml:8: training.data.until: 'yesterday' is no time, as"
                                + " 2026-01-01T00:00:00Z.");
        assertThat(
                        Trainings.problems(
                                upTo("2026-02-01T00:00:00Z") + "  triggers: {schedule: 24h}\n"))
                .containsExactly(
                        "failure.yaml:8: training.data.until: is where the data end, and triggers"
                                + " train on what comes later. Leave one of the two out.");
    }

    @Test
    void triggersOutOfTheirRangeAreTold() {
        String training =
                """
                training:
                  model: m
                  algorithm: k-means
                  data: {view: state, features: [load]}
                """;

        assertThat(Trainings.problems(training + "  triggers: {schedule: 10s, max-age: 10000d}\n"))
                .containsExactly(
                        "failure.yaml:5: training.triggers.schedule: is 10s. Write from 1m to"
                                + " 3650d.",
                        "failure.yaml:5: training.triggers.max-age: is 10000d. Write from 1m to"
                                + " 3650d.");
        assertThat(Trainings.problems(training + "  triggers: {}\n"))
                .containsExactly(
                        "failure.yaml:5: training.triggers: names none. Name one, e.g. schedule:"
                                + " 24h.");
    }

    @Test
    void aRetentionThatIsSaidInPartIsTheRestOfTheDefaultAndAllStayWithoutOne() {
        String training =
                """
                training:
                  model: m
                  algorithm: k-means
                  data: {view: state, features: [load]}
                """;

        assertThat(Trainings.training(training).retention()).isEmpty();
        assertThat(Trainings.training(training + "  retention: {versions: 3}\n").retention())
                .contains(new Retention(3, Duration.ofDays(30)));
        assertThat(Trainings.training(training + "  retention: {age: 7d}\n").retention())
                .contains(new Retention(10, Duration.ofDays(7)));
        assertThat(Trainings.problems(training + "  retention: {versions: 0, age: 4000d}\n"))
                .containsExactly(
                        "failure.yaml:5: training.retention.versions: '0' is not a whole number from"
                                + " 1 to 10000.",
                        "failure.yaml:5: training.retention.age: is 4000d. Write at most 3650d.");
        assertThat(Trainings.problems(training + "  retention: {}\n"))
                .containsExactly(
                        "failure.yaml:5: training.retention: says nothing. Write e.g. versions: 10,"
                                + " or remove it to keep all.");
        assertThat(Trainings.problems(training + "  retention: {version: 3}\n"))
                .containsExactly(
                        "failure.yaml:5: training.retention.version: unknown key. Write 'versions'"
                                + " if that was meant.");
    }
}
