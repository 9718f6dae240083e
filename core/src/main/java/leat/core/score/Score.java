package leat.core.score;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The ML Test Score of a model.
///
/// @param lines one a test, in their order
public record Score(List<Line> lines) {

    public Score {
        lines = List.copyOf(lines);
    }

    /// What came of a test.
    public record Line(ScoreTest test, Finding finding) {}

    /// Judges all tests.
    public static Score of(Evidence evidence) {
        LocalDate today = evidence.now().atOffset(ZoneOffset.UTC).toLocalDate();
        return new Score(
                Arrays.stream(ScoreTest.values())
                        .map(test ->
                                new Line(
                                        test,
                                        answered(
                                                judge(test, evidence),
                                                evidence.rules().answer(test),
                                                today)))
                        .toList());
    }

    /// An answer stands in for evidence that is not there, and for none that speaks against it.
    private static Finding answered(Finding found, Optional<Answer> answer, LocalDate today) {
        if (answer.isEmpty() || !(found instanceof Finding.Unknown(String what, String remedy))) {
            return found;
        }
        return answer.get().holds(today)
                ? new Finding.ByHand(answer.get(), remedy)
                : new Finding.Unknown(
                        what
                                + "; the answer of "
                                + answer.get().date()
                                + " does not count: it holds for "
                                + Answer.DAYS
                                + " days from its date",
                        remedy);
    }

    private static Finding judge(ScoreTest test, Evidence evidence) {
        DataTests data = new DataTests(evidence);
        ModelTests model = new ModelTests(evidence);
        InfrastructureTests infrastructure = new InfrastructureTests(evidence);
        MonitoringTests monitoring = new MonitoringTests(evidence);
        return switch (test) {
            case FEATURE_EXPECTATIONS -> data.expectations();
            case FEATURE_BENEFIT -> data.benefit();
            case FEATURE_COST -> data.withView(data::cost);
            case FEATURE_RULES -> data.withView(data::rules);
            case PRIVACY -> data.withView(data::privacy);
            case NEW_FEATURES -> data.withView(data::newFeatures);
            case FEATURE_CODE -> data.withView(_ -> data.code());
            case REVIEW -> model.withVersion(model::review);
            case ONLINE_METRICS -> model.withVersion(model::online);
            case HYPERPARAMETERS -> model.withVersion(model::hyperparameters);
            case STALENESS -> model.withVersion(model::staleness);
            case SIMPLER_MODEL -> model.withVersion(model::simpler);
            case SLICES -> model.withVersion(model::slices);
            case INCLUSION -> model.withVersion(model::inclusion);
            case REPRODUCIBLE -> infrastructure.withVersion(infrastructure::reproducible);
            case SPECIFICATION -> infrastructure.withVersion(infrastructure::specification);
            case PIPELINE -> infrastructure.withVersion(infrastructure::pipeline);
            case GATES -> infrastructure.withVersion(infrastructure::gates);
            case EXPLANATION -> infrastructure.withVersion(infrastructure::explanation);
            case CANARY -> infrastructure.withVersion(infrastructure::canary);
            case ROLLBACK -> infrastructure.rollback();
            case DEPENDENCIES -> monitoring.dependencies();
            case INVARIANTS -> monitoring.invariants();
            case AGREEMENT -> monitoring.withVersion(monitoring::agreement);
            case AGE -> monitoring.withVersion(monitoring::age);
            case NUMBERS -> monitoring.withVersion(monitoring::numbers);
            case SPEED -> monitoring.withVersion(monitoring::speed);
            case QUALITY -> monitoring.withVersion(monitoring::quality);
        };
    }

    /// What came of a test.
    public Finding finding(ScoreTest test) {
        return lines.stream()
                .filter(line -> line.test() == test)
                .map(Line::finding)
                .findFirst()
                .orElseThrow();
    }

    /// The points of a group, 0 to 7.
    public double sum(Section section) {
        return lines.stream()
                .filter(line -> line.test().section() == section)
                .mapToDouble(line -> line.finding().points())
                .sum();
    }

    /// The least of the four sums.
    public double total() {
        return Arrays.stream(Section.values()).mapToDouble(this::sum).min().orElse(0);
    }
}
