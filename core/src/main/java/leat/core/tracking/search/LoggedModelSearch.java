package leat.core.tracking.search;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import leat.core.model.LoggedModelInfo;
import leat.core.model.LoggedModelStatus;
import leat.core.model.MeasuredModel;
import leat.core.tracking.Metric;
import leat.core.tracking.ModelMetric;
import leat.core.tracking.TrackingRefused;
import org.jspecify.annotations.Nullable;

/// A search of logged models. Those that its orders leave equal, the newest first, then by id.
///
/// @param on where the metrics of the filter have to be measured. A filter without metrics takes
///   models that have any such metric
public record LoggedModelSearch(
        Filter filter, MeasuredOn on, List<Ordered> orders, PageRequest page) {

    private static final Comparator<MeasuredModel> LAST_RESORT =
            Comparator.comparingLong((MeasuredModel model) -> model.model().info().createdMillis())
                    .reversed()
                    .thenComparing(model -> model.model().info().id());

    /// One order of a request.
    ///
    /// @param on where a metric has to be measured
    public record Order(String field, boolean ascending, MeasuredOn on) {}

    /// The same, read.
    public record Ordered(Ordering ordering, MeasuredOn on) {}

    public LoggedModelSearch {
        orders = List.copyOf(orders);
    }

    /// Reads what a request asks for.
    ///
    /// @throws TrackingRefused when the filter or an order cannot be read
    public static LoggedModelSearch of(
            String filter, MeasuredOn on, List<Order> orderBy, PageRequest page) {
        return new LoggedModelSearch(
                FilterParser.parse(filter, Vocabulary.LOGGED_MODELS),
                on,
                orderBy.stream().map(LoggedModelSearch::read).toList(),
                page);
    }

    private static Ordered read(Order order) {
        Field field = Vocabulary.LOGGED_MODELS.ordered(FieldName.of(order.field()));
        return new Ordered(new Ordering(field, order.ascending()), order.on());
    }

    public Page<MeasuredModel> in(Collection<MeasuredModel> models) {
        return page.of(
                models.stream().filter(this::takes).sorted(order()).toList(),
                MeasuredModel::characters);
    }

    private boolean takes(MeasuredModel model) {
        boolean ofMetrics =
                filter.conditions().stream()
                        .anyMatch(condition -> condition.field() instanceof Field.OfMetric);
        return filter.holds(row(model, on))
                && (ofMetrics
                        || on.datasets().isEmpty()
                        || model.metrics().stream().anyMatch(on::takes));
    }

    private Comparator<MeasuredModel> order() {
        Comparator<MeasuredModel> order = LAST_RESORT;
        for (Ordered ordered : orders.reversed()) {
            Comparator<MeasuredModel> first =
                    Comparator.comparing(
                            model -> row(model, ordered.on()), ordered.ordering().comparator());
            order = first.thenComparing(order);
        }
        return order;
    }

    private static Row row(MeasuredModel measured, MeasuredOn on) {
        return field ->
                switch (field) {
                    case Field.OfTag(String key) -> text(measured.model().tags().get(key));
                    case Field.OfParam(String key) -> text(measured.model().params().get(key));
                    case Field.OfMetric(String key) -> metric(measured, key, on);
                    case Field.OfDataset _ -> Optional.empty();
                    case Field.Attribute(String name, boolean _) ->
                            attribute(measured.model().info(), name);
                };
    }

    /// What it was measured to be on each dataset, the newest first.
    private static Optional<FieldValue> metric(MeasuredModel measured, String key, MeasuredOn on) {
        return FieldValue.several(
                measured.metrics().stream()
                        .filter(metric -> metric.metric().key().equals(key) && on.takes(metric))
                        .map(ModelMetric::metric)
                        .sorted(Metric.OLDEST_FIRST.reversed())
                        .<FieldValue>map(metric -> new FieldValue.Numeral(metric.value()))
                        .toList());
    }

    private static Optional<FieldValue> text(@Nullable String text) {
        return Optional.ofNullable(text).map(FieldValue.Text::new);
    }

    private static Optional<FieldValue> attribute(LoggedModelInfo info, String name) {
        return switch (name) {
            case "name" -> text(info.name());
            case "model_id" -> text(info.id());
            case "model_type" -> text(info.modelType());
            case "status" -> text(status(info.status()));
            case "source_run_id" -> text(info.sourceRunId());
            case "creation_timestamp" -> Optional.of(new FieldValue.Numeral(info.createdMillis()));
            case "last_updated_timestamp" ->
                    Optional.of(new FieldValue.Numeral(info.updatedMillis()));
            default -> Optional.empty();
        };
    }

    /// As clients write it.
    private static String status(LoggedModelStatus status) {
        return switch (status) {
            case LOGGED_MODEL_PENDING -> "PENDING";
            case LOGGED_MODEL_READY -> "READY";
            case LOGGED_MODEL_UPLOAD_FAILED -> "FAILED";
        };
    }
}
