package leat.core.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.contract.EnrichQuestion.Source;
import leat.core.contract.EnrichStep;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.enrich.RowExpressions;
import leat.core.feature.CompiledView;
import leat.core.feature.NamedViews;
import leat.core.yaml.Problems;

/// What the catalogue says of a contract.
final class ContractEntries {

    private final Contract contract;
    private final Readers readers;

    /// What the steps read, by the fields that they set.
    private final Map<String, Set<String>> from;

    /// @param views all of the workspace
    ContractEntries(Contract contract, List<CompiledView> views) {
        this.contract = contract;
        this.readers = Readers.of(contract.nameAndMajor(), views);
        this.from = from(contract, new NamedViews(views));
    }

    /// Nothing of CEL is loaded for a contract without expressions.
    private static Map<String, Set<String>> from(Contract contract, NamedViews views) {
        List<EnrichStep> reading =
                contract.steps().stream()
                        .filter(step -> !(step instanceof EnrichStep.Constant))
                        .toList();
        if (reading.isEmpty()) {
            return Map.of();
        }
        RowExpressions expressions = new RowExpressions(contract.fields());
        Map<String, Set<String>> from = new HashMap<>();
        for (EnrichStep step : reading) {
            List<String> reads = reads(step, expressions).toList();
            step.fields()
                    .forEach(field ->
                            from.computeIfAbsent(field, _ -> new LinkedHashSet<>()).addAll(reads));
            if (step instanceof EnrichStep.Fetched fetched
                    && fetched.question().source() instanceof Source.Reference(String name)) {
                views.find(name).ifPresent(view -> addFeatures(view, fetched.taken(), from));
            }
        }
        return from;
    }

    private static void addFeatures(
            CompiledView view, List<EnrichStep.Taken> taken, Map<String, Set<String>> from) {
        for (EnrichStep.Taken one : taken) {
            from.computeIfAbsent(one.field(), _ -> new LinkedHashSet<>())
                    .add(view.view().nameAndVersion() + ":" + one.name());
        }
    }

    private static Stream<String> reads(EnrichStep step, RowExpressions expressions) {
        return switch (step) {
            case EnrichStep.Constant _ -> Stream.empty();
            case EnrichStep.Derived derived -> reads(derived.expression(), step, expressions);
            case EnrichStep.Fetched fetched ->
                    Stream.concat(
                            reads(fetched.question().key(), step, expressions),
                            fetched.question().sent().stream());
            case EnrichStep.Predicted predicted -> predicted.question().features().stream();
        };
    }

    private static Stream<String> reads(String text, EnrichStep step, RowExpressions expressions) {
        return expressions.reads(text, step.location(), "", new Problems()).stream()
                .map(FieldPath::toString);
    }

    CatalogEntry.OfContract entry(ModelLineage lineage) {
        List<CatalogPart.Field> fields = new ArrayList<>();
        add(contract.publishedFields(), List.of(), lineage, fields);
        return new CatalogEntry.OfContract(
                "contract",
                contract.name().value(),
                contract.version().toString(),
                contract.description(),
                contract.lifecycle().status().word(),
                contract.key().map(FieldPath::toString),
                contract.time().map(FieldPath::toString),
                contract.tableName(),
                fields);
    }

    /// Objects are followed by their fields.
    private void add(
            List<Field> level,
            List<String> outer,
            ModelLineage lineage,
            List<CatalogPart.Field> fields) {
        for (Field field : level) {
            List<String> segments = Stream.concat(outer.stream(), Stream.of(field.name())).toList();
            fields.add(field(field, new FieldPath(segments), lineage));
            if (field.type() instanceof FieldType.Struct(List<Field> inner)) {
                add(inner, segments, lineage, fields);
            }
        }
    }

    private CatalogPart.Field field(Field field, FieldPath path, ModelLineage lineage) {
        return new CatalogPart.Field(
                path.toString(),
                field.type().word(),
                field.description(),
                field.required(),
                field.added(),
                field.classification(),
                field.added() ? List.copyOf(from.getOrDefault(field.name(), Set.of())) : List.of(),
                readers.decidedBy(path),
                readers.features(path),
                lineage.of(contract.nameAndMajor(), path.toString()));
    }
}
