package leat.core.tracking.search;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import leat.core.tracking.Experiment;
import leat.core.tracking.TrackingRefused;
import leat.core.tracking.ViewType;

/// A search of experiments. Without an order the newest come first; what its orders leave equal, is
/// ordered by id.
public record ExperimentSearch(
        Filter filter, List<Ordering> orders, ViewType view, PageRequest page) {

    private static final Ordering NEWEST_FIRST =
            new Ordering(new Field.Attribute("creation_time", true), false);
    private static final Comparator<Experiment> BY_ID = Comparator.comparing(Experiment::id);

    public ExperimentSearch {
        orders = orders.isEmpty() ? List.of(NEWEST_FIRST) : List.copyOf(orders);
    }

    /// Reads what a request asks for.
    ///
    /// @throws TrackingRefused when the filter or an order cannot be read
    public static ExperimentSearch of(
            String filter, List<String> orderBy, ViewType view, PageRequest page) {
        return new ExperimentSearch(
                FilterParser.parse(filter, Vocabulary.EXPERIMENTS),
                orderBy.stream().map(text -> Ordering.parse(text, Vocabulary.EXPERIMENTS)).toList(),
                view,
                page);
    }

    public Page<Experiment> in(Collection<Experiment> experiments) {
        return page.of(
                experiments.stream()
                        .filter(experiment -> view.shows(experiment.stage()))
                        .filter(experiment -> filter.holds(row(experiment)))
                        .sorted(Ordering.by(orders, ExperimentSearch::row, BY_ID))
                        .toList());
    }

    private static Row row(Experiment experiment) {
        return field ->
                switch (field) {
                    case Field.OfTag(String key) ->
                            Optional.ofNullable(experiment.tags().get(key))
                                    .map(FieldValue.Text::new);
                    case Field.Attribute(String name, boolean _) -> attribute(experiment, name);
                    case Field.OfMetric _, Field.OfParam _, Field.OfDataset _ -> Optional.empty();
                };
    }

    private static Optional<FieldValue> attribute(Experiment experiment, String name) {
        return switch (name) {
            case "experiment_id" -> Optional.of(new FieldValue.Text(experiment.id()));
            case "name" -> Optional.of(new FieldValue.Text(experiment.name()));
            case "creation_time" -> Optional.of(new FieldValue.Numeral(experiment.createdMillis()));
            case "last_update_time" ->
                    Optional.of(new FieldValue.Numeral(experiment.updatedMillis()));
            default -> Optional.empty();
        };
    }
}
