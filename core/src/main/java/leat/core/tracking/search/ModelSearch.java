package leat.core.tracking.search;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import leat.core.model.ModelInfo;
import leat.core.model.RegisteredModel;
import leat.core.tracking.TrackingRefused;

/// A search of registered models. What its orders leave equal, is ordered by name.
public record ModelSearch(Filter filter, List<Ordering> orders, PageRequest page) {

    private static final Comparator<RegisteredModel> BY_NAME =
            Comparator.comparing(model -> model.info().name());

    public ModelSearch {
        orders = List.copyOf(orders);
    }

    /// Reads what a request asks for.
    ///
    /// @throws TrackingRefused when the filter or an order cannot be read
    public static ModelSearch of(String filter, List<String> orderBy, PageRequest page) {
        return new ModelSearch(
                FilterParser.parse(filter, Vocabulary.MODELS),
                orderBy.stream().map(text -> Ordering.parse(text, Vocabulary.MODELS)).toList(),
                page);
    }

    public Page<RegisteredModel> in(Collection<RegisteredModel> models) {
        return page.of(
                models.stream()
                        .filter(model -> filter.holds(row(model)))
                        .sorted(Ordering.by(orders, ModelSearch::row, BY_NAME))
                        .toList());
    }

    private static Row row(RegisteredModel model) {
        return field ->
                switch (field) {
                    case Field.OfTag(String key) -> Row.tag(model.tags(), key);
                    case Field.Attribute(String name, boolean _) -> attribute(model.info(), name);
                    case Field.OfMetric _, Field.OfParam _, Field.OfDataset _ -> Optional.empty();
                };
    }

    private static Optional<FieldValue> attribute(ModelInfo info, String name) {
        return switch (name) {
            case "name" -> Optional.of(new FieldValue.Text(info.name()));
            case "creation_timestamp" -> Optional.of(new FieldValue.Numeral(info.createdMillis()));
            case "last_updated_timestamp" ->
                    Optional.of(new FieldValue.Numeral(info.updatedMillis()));
            default -> Optional.empty();
        };
    }
}
