package leat.core.score;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoublePredicate;
import java.util.regex.Pattern;
import leat.core.contract.Measure;
import leat.core.contract.QualityRule;
import leat.core.feature.CompiledView;
import leat.core.monitor.FeatureProfile;
import leat.core.monitor.Profile;
import leat.core.tracking.Run;
import leat.core.tracking.RunStatus;
import leat.core.training.Checks;
import leat.core.training.Training;

/// What the workspace expects of features: by `checks` of the training, and by what the view
/// expects.
record Expected(Evidence evidence) {

    private static final String FAILURE = "leat.failure";
    private static final String NOT_AS_EXPECTED = "the data are not as they should be";

    /// What the model takes: as the version says it, else as the files do.
    List<String> inputs() {
        List<String> ofVersion =
                evidence.registered().version().map(Version::inputs).orElse(List.of());
        if (!ofVersion.isEmpty()) {
            return ofVersion;
        }
        Evidence.Defined defined = evidence.defined();
        return defined.training()
                .map(one -> one.data().features())
                .or(() -> defined.scoring().map(one -> one.features()))
                .orElse(List.of());
    }

    /// Those of which it is written down what they are like.
    List<String> described() {
        return inputs().stream().filter(this::isDescribed).toList();
    }

    /// Those of which it is not.
    List<String> undescribed() {
        return inputs().stream().filter(input -> !isDescribed(input)).toList();
    }

    private boolean isDescribed(String input) {
        return bounds(input)
                        .filter(one -> one.min().isPresent() || one.max().isPresent())
                        .isPresent()
                || rules().stream().anyMatch(rule -> isAbout(rule, input));
    }

    /// What the view expects.
    List<QualityRule> rules() {
        return evidence.defined().view().map(CompiledView::view).stream()
                .flatMap(view -> view.expected().rules().stream())
                .toList();
    }

    private static boolean isAbout(QualityRule rule, String input) {
        return switch (rule.measure()) {
            case Measure.Breaches(String condition) ->
                    Pattern.compile("\\b" + Pattern.quote(input) + "\\b").matcher(condition).find();
            case Measure.OutOfRange _, Measure.InvalidValues _ -> rule.field().equals(input);
            case Measure.NullValues _,
                    Measure.MissingValues _,
                    Measure.LateEvents _,
                    Measure.DuplicateValues _,
                    Measure.RowCount _,
                    Measure.Freshness _,
                    Measure.Matches _,
                    Measure.DeadMatches _ ->
                    false;
        };
    }

    private Optional<Checks.Bounds> bounds(String input) {
        return evidence.defined()
                .training()
                .map(Training::checks)
                .flatMap(checks -> Optional.ofNullable(checks.features().get(input)));
    }

    /// Why the newest run of the training stopped before it learned anything; empty where its data
    /// were as they should be.
    Optional<String> stoppedBecause() {
        return evidence.registered()
                .newestRun()
                .filter(run -> run.info().status() == RunStatus.FAILED)
                .flatMap(Expected::objection);
    }

    private static Optional<String> objection(Run run) {
        return Optional.ofNullable(run.tags().get(FAILURE))
                .filter(why -> why.startsWith(NOT_AS_EXPECTED))
                .map(why -> "run " + run.info().id() + " was stopped: " + why);
    }

    /// How a profile breaks the bounds of the training.
    List<String> broken(Profile profile) {
        List<String> broken = new ArrayList<>();
        for (Map.Entry<String, FeatureProfile> entry : profile.features().entrySet()) {
            Optional<Checks.Bounds> bounds = bounds(entry.getKey());
            if (bounds.isPresent() && entry.getValue() instanceof FeatureProfile.Numbers numbers) {
                broken.addAll(broken(entry.getKey(), bounds.get(), numbers));
            }
        }
        return broken;
    }

    private static List<String> broken(
            String input, Checks.Bounds bounds, FeatureProfile.Numbers seen) {
        List<String> broken = new ArrayList<>();
        if (isBeyond(bounds.min(), min -> seen.min() < min)) {
            broken.add(
                    Phrases.text(
                            "%s is %s, below %s", input, seen.min(), bounds.min().getAsDouble()));
        }
        if (isBeyond(bounds.max(), max -> seen.max() > max)) {
            broken.add(
                    Phrases.text(
                            "%s is %s, above %s", input, seen.max(), bounds.max().getAsDouble()));
        }
        double missing = seen.rows() == 0 ? 0 : (double) seen.absent() / seen.rows();
        if (isBeyond(bounds.mostMissing(), most -> missing > most)) {
            broken.add(Phrases.text("%s is missing in %.1f%%", input, 100 * missing));
        }
        return broken;
    }

    private static boolean isBeyond(OptionalDouble bound, DoublePredicate predicate) {
        return bound.isPresent() && predicate.test(bound.getAsDouble());
    }
}
