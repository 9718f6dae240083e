package leat.core.tracking.search;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import leat.core.model.LoggedModel;
import leat.core.model.LoggedModelInfo;
import leat.core.model.LoggedModelStatus;
import leat.core.tracking.TrackingRefused;
import org.jspecify.annotations.Nullable;

/// A search of logged models. Those that its orders leave equal, the newest first, then by id.
public record LoggedModelSearch(Filter filter, List<Ordering> orders, PageRequest page) {

    private static final Comparator<LoggedModel> LAST_RESORT =
            Comparator.comparingLong((LoggedModel model) -> model.info().createdMillis())
                    .reversed()
                    .thenComparing(model -> model.info().id());

    /// One order of a request.
    public record Order(String field, boolean ascending) {}

    public LoggedModelSearch {
        orders = List.copyOf(orders);
    }

    /// Reads what a request asks for.
    ///
    /// @throws TrackingRefused when the filter or an order cannot be read
    public static LoggedModelSearch of(String filter, List<Order> orderBy, PageRequest page) {
        return new LoggedModelSearch(
                FilterParser.parse(filter, Vocabulary.LOGGED_MODELS),
                orderBy.stream()
                        .map(order ->
                                new Ordering(
                                        Vocabulary.LOGGED_MODELS.ordered(
                                                FieldName.of(order.field())),
                                        order.ascending()))
                        .toList(),
                page);
    }

    public Page<LoggedModel> in(Collection<LoggedModel> models) {
        return page.of(
                models.stream()
                        .filter(model -> filter.holds(row(model)))
                        .sorted(Ordering.by(orders, LoggedModelSearch::row, LAST_RESORT))
                        .toList());
    }

    private static Row row(LoggedModel model) {
        return field ->
                switch (field) {
                    case Field.OfTag(String key) -> text(model.tags().get(key));
                    case Field.OfParam(String key) -> text(model.params().get(key));
                    case Field.OfMetric _, Field.OfDataset _ -> Optional.empty();
                    case Field.Attribute(String name, boolean _) -> attribute(model.info(), name);
                };
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
