package leat.core.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.feature.CompiledView;

/// What the catalogue says of a contract.
final class ContractEntries {

    private final Contract contract;
    private final Readers readers;

    /// @param views all of the workspace
    ContractEntries(Contract contract, List<CompiledView> views) {
        this.contract = contract;
        this.readers = Readers.of(contract.nameAndMajor(), views);
    }

    CatalogEntry.OfContract entry(Lineage lineage) {
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
            Lineage lineage,
            List<CatalogPart.Field> fields) {
        for (Field field : level) {
            List<String> segments = Stream.concat(outer.stream(), Stream.of(field.name())).toList();
            fields.add(field(field, new FieldPath(segments), lineage));
            if (field.type() instanceof FieldType.Struct(List<Field> inner)) {
                add(inner, segments, lineage, fields);
            }
        }
    }

    private CatalogPart.Field field(Field field, FieldPath path, Lineage lineage) {
        String name = contract.nameAndMajor() + ":" + path;
        return new CatalogPart.Field(
                path.toString(),
                field.type().word(),
                field.description(),
                field.required(),
                field.added(),
                field.classification(),
                field.added() ? lineage.steps().from(name) : List.of(),
                field.added()
                        ? lineage.steps().lookUps(contract.nameAndMajor(), List.of(path))
                        : List.of(),
                lineage.steps().lookedUpBy(name),
                readers.decidedBy(path),
                readers.features(path),
                lineage.models().of(contract.nameAndMajor(), path.toString()));
    }
}
