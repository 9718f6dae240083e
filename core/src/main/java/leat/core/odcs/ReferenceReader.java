package leat.core.odcs;

import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract.Reference;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.yaml.NearestName;

/// Reads `leat.reference` and `leat.deletedField`.
///
/// @param whole whether the fields were read without a problem, so that more can be said of them
record ReferenceReader(LeatProperties ours, List<Field> fields, boolean whole) {

    private static final String REFERENCE = "leat.reference";
    private static final String DELETED = "leat.deletedField";

    /// @param id the fields that identify an event
    Optional<Reference> read(Optional<FieldPath> key, List<FieldPath> id) {
        Optional<String> deleted = ours.text(DELETED);
        if (!ours.values().bool(REFERENCE).orElse(false)) {
            if (deleted.isPresent()) {
                ours.values()
                        .complain(
                                DELETED,
                                "only rows of reference data are deleted",
                                "set " + REFERENCE + " to true");
            }
            return Optional.empty();
        }
        if (key.isEmpty()) {
            complain("reference data needs leat.key", "name the field that its rows are found by");
        } else if (whole) {
            checkKey(key.get(), id);
            deleted.ifPresent(this::checkDeleted);
        }
        return Optional.of(new Reference(deleted));
    }

    private void checkKey(FieldPath key, List<FieldPath> id) {
        if (!isRequired(key)) {
            complain(
                    "its key '" + key + "' may be absent",
                    "write required: true at the field, and at each object around it");
        }
        if (id.equals(List.of(key))) {
            complain(
                    "the key alone is the primary key, so a changed row would be dropped as a"
                            + " duplicate of the row before it",
                    "add the time of the change to the primary key, or declare none");
        }
    }

    private boolean isRequired(FieldPath path) {
        List<Field> level = fields;
        for (String segment : path.segments()) {
            Optional<Field> field = find(level, segment);
            if (field.isPresent() && !field.get().required()) {
                return false;
            }
            level =
                    field.isPresent() && field.get().type() instanceof FieldType.Struct struct
                            ? struct.fields()
                            : List.of();
        }
        return true;
    }

    private void checkDeleted(String name) {
        Optional<Field> field = find(fields, name);
        if (field.isEmpty()) {
            ours.values()
                    .complain(
                            DELETED,
                            "there is no field '" + name + "'",
                            NearestName.remedy(name, fields.stream().map(Field::name).toList()));
        } else if (!(field.get().type() instanceof FieldType.Bool)) {
            ours.values().complain(DELETED, "'" + name + "' is no boolean", "name a boolean field");
        }
    }

    private static Optional<Field> find(List<Field> level, String name) {
        return level.stream().filter(field -> field.name().equals(name)).findFirst();
    }

    private void complain(String message, String remedy) {
        ours.values().complain(REFERENCE, message, remedy);
    }
}
