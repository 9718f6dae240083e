package leat.core.tracking.search;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import leat.core.model.ModelVersion;
import leat.core.model.VersionInfo;
import leat.core.tracking.TrackingRefused;

/// A search of versions of registered models. What its orders leave equal, is ordered by the name
/// of the model, then by number, the highest first.
public record VersionSearch(Filter filter, List<Ordering> orders, PageRequest page) {

    private static final Comparator<ModelVersion> LAST_RESORT =
            Comparator.comparing(ModelVersion::modelName)
                    .thenComparing(
                            Comparator.comparingInt(
                                            (ModelVersion version) -> version.info().number())
                                    .reversed());

    public VersionSearch {
        orders = List.copyOf(orders);
    }

    /// Reads what a request asks for.
    ///
    /// @throws TrackingRefused when the filter or an order cannot be read
    public static VersionSearch of(String filter, List<String> orderBy, PageRequest page) {
        return new VersionSearch(
                FilterParser.parse(filter, Vocabulary.VERSIONS),
                orderBy.stream().map(text -> Ordering.parse(text, Vocabulary.VERSIONS)).toList(),
                page);
    }

    public Page<ModelVersion> in(Collection<ModelVersion> versions) {
        return page.of(
                versions.stream()
                        .filter(version -> filter.holds(row(version)))
                        .sorted(Ordering.by(orders, VersionSearch::row, LAST_RESORT))
                        .toList());
    }

    private static Row row(ModelVersion version) {
        return field ->
                switch (field) {
                    case Field.OfTag(String key) -> Row.tag(version.tags(), key);
                    case Field.Attribute(String name, boolean _) -> attribute(version, name);
                    case Field.OfMetric _, Field.OfParam _, Field.OfDataset _ -> Optional.empty();
                };
    }

    private static Optional<FieldValue> attribute(ModelVersion version, String name) {
        VersionInfo info = version.info();
        return switch (name) {
            case "name" -> Optional.of(new FieldValue.Text(version.modelName()));
            case "run_id" -> Optional.of(new FieldValue.Text(info.runId()));
            case "source_path" -> Optional.of(new FieldValue.Text(info.source()));
            case "version_number" -> Optional.of(new FieldValue.Numeral(info.number()));
            case "creation_timestamp" -> Optional.of(new FieldValue.Numeral(info.createdMillis()));
            case "last_updated_timestamp" ->
                    Optional.of(new FieldValue.Numeral(info.updatedMillis()));
            default -> Optional.empty();
        };
    }
}
