package leat.core.score;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.feature.Classification;
import leat.core.feature.CompiledView;

/// Which fields of contracts features are made of, by way of other views too, and which of those
/// are to be kept from others and are not protected.
record Sensitive(CompiledView view) {

    /// Classifications of what anybody in the house may see.
    private static final Set<String> OPEN = Set.of("public", "internal");

    /// The fields of the contract that a feature is made of.
    Set<FieldPath> fields(String feature) {
        Set<FieldPath> fields = new LinkedHashSet<>();
        List<String> names = view.fields().stream().map(Field::name).toList();
        int index = names.indexOf(feature);
        if (index >= 0) {
            view.lineage().features().get(index).forEach(path -> fields.addAll(origin(path)));
        }
        return fields;
    }

    /// The fields that name an entity, and those by which events are chosen.
    Set<FieldPath> ofEvents() {
        Set<FieldPath> fields = new LinkedHashSet<>(origin(view.view().key()));
        view.lineage().where().forEach(path -> fields.addAll(origin(path)));
        return fields;
    }

    private Set<FieldPath> origin(FieldPath path) {
        Optional<CompiledView> source = view.sourceView();
        if (source.isEmpty()) {
            return Set.of(path);
        }
        Sensitive read = new Sensitive(source.get());
        return path.segments().getFirst().equals(CompiledView.ENTITY)
                ? read.origin(source.get().view().key())
                : read.fields(path.segments().getFirst());
    }

    /// How a field is classified, with what is in it and around it, where it is to be kept and
    /// nothing protects it.
    Optional<String> unprotected(FieldPath path) {
        Contract contract = view.origin();
        return Classification.strictest(contract.fields(), List.of(path))
                .filter(word -> !OPEN.contains(word))
                .filter(_ -> !isProtected(contract, path));
    }

    private static boolean isProtected(Contract contract, FieldPath path) {
        return contract.protections().stream()
                .map(protection -> protection.path().segments())
                .anyMatch(segments ->
                        segments.size() <= path.segments().size()
                                && path.segments().subList(0, segments.size()).equals(segments));
    }

    /// The fields that a contract classifies.
    static List<String> classified(Contract contract) {
        List<String> classified = new ArrayList<>();
        contract.fields().forEach(field -> collect(field, "", classified));
        return classified;
    }

    private static void collect(Field field, String parent, List<String> classified) {
        String path = parent + field.name();
        field.classification().ifPresent(_ -> classified.add(path));
        if (field.type() instanceof FieldType.Struct(List<Field> fields)) {
            fields.forEach(inner -> collect(inner, path + ".", classified));
        }
    }
}
