package leat.core.tracking.search;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import leat.core.tracking.DatasetInput;
import leat.core.tracking.NewestMetric;
import leat.core.tracking.Run;
import leat.core.tracking.RunInfo;
import leat.core.tracking.TrackingRefused;
import leat.core.tracking.ViewType;
import org.jspecify.annotations.Nullable;

/// A search of runs. Those that its orders leave equal, the newest first, then by id.
public record RunSearch(Filter filter, List<Ordering> orders, ViewType view, PageRequest page) {

    private static final Comparator<Run> LAST_RESORT =
            Comparator.comparingLong((Run run) -> run.info().startMillis())
                    .reversed()
                    .thenComparing(run -> run.info().id());

    public RunSearch {
        orders = List.copyOf(orders);
    }

    /// Reads what a request asks for.
    ///
    /// @throws TrackingRefused when the filter or an order cannot be read
    public static RunSearch of(
            String filter, List<String> orderBy, ViewType view, PageRequest page) {
        return new RunSearch(
                FilterParser.parse(filter, Vocabulary.RUNS),
                orderBy.stream().map(text -> Ordering.parse(text, Vocabulary.RUNS)).toList(),
                view,
                page);
    }

    public Page<Run> in(Collection<Run> runs) {
        return page.of(
                runs.stream()
                        .filter(run -> view.shows(run.info().stage()))
                        .filter(run -> filter.holds(row(run)))
                        .sorted(Ordering.by(orders, RunSearch::row, LAST_RESORT))
                        .toList(),
                Run::characters);
    }

    private static Row row(Run run) {
        return field ->
                switch (field) {
                    case Field.OfMetric(String key) ->
                            Optional.ofNullable(run.metrics().get(key)).map(RunSearch::value);
                    case Field.OfParam(String key) -> text(run.params().get(key));
                    case Field.OfTag(String key) -> text(run.tags().get(key));
                    case Field.OfDataset(String key) -> ofDatasets(run, key);
                    case Field.Attribute(String name, boolean _) -> attribute(run.info(), name);
                };
    }

    private static Optional<FieldValue> ofDatasets(Run run, String key) {
        return FieldValue.several(
                run.datasets().values().stream()
                        .flatMap(input -> ofDataset(input, key).stream())
                        .<FieldValue>map(FieldValue.Text::new)
                        .toList());
    }

    private static Optional<String> ofDataset(DatasetInput input, String key) {
        return switch (key) {
            case "name" -> Optional.of(input.dataset().id().name());
            case "digest" -> Optional.of(input.dataset().id().digest());
            case "context" -> input.context();
            default -> Optional.empty();
        };
    }

    private static FieldValue value(NewestMetric newest) {
        return new FieldValue.Numeral(newest.metric().value());
    }

    private static Optional<FieldValue> text(@Nullable String text) {
        return Optional.ofNullable(text).map(FieldValue.Text::new);
    }

    private static Optional<FieldValue> attribute(RunInfo info, String name) {
        return switch (name) {
            case "artifact_uri" -> text(info.artifactUri());
            case "run_id" -> text(info.id());
            case "run_name" -> text(info.name());
            case "status" -> text(info.status().name());
            case "user_id" -> text(info.userId());
            case "start_time" -> time(OptionalLong.of(info.startMillis()));
            case "end_time" -> time(info.endMillis());
            default -> Optional.empty();
        };
    }

    private static Optional<FieldValue> time(OptionalLong millis) {
        return millis.isPresent()
                ? Optional.of(new FieldValue.Numeral(millis.getAsLong()))
                : Optional.empty();
    }
}
