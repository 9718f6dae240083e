package leat.core.contract;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The fields of a contract as its enriched events have them: hashes and masks instead of what the
/// field's own type demands, and fields that are cut out required of nobody. Names, order and
/// classes of values are the contract's, so that tables and indices live on when a protection comes
/// or goes.
final class PublishedFields {

    private final Map<String, Protection.Action> actions = new HashMap<>();

    private PublishedFields(List<Protection> protections) {
        protections.forEach(one -> actions.put(one.path().toString(), one.action()));
    }

    static List<Field> of(List<Field> fields, List<Protection> protections) {
        return protections.isEmpty()
                ? fields
                : new PublishedFields(protections).published(fields, "");
    }

    private List<Field> published(List<Field> fields, String parent) {
        return fields.stream().map(field -> published(field, parent + field.name())).toList();
    }

    private Field published(Field field, String path) {
        return switch (actions.get(path)) {
            case Protection.Action.Hash _ ->
                    with(field, field.required(), text(Protection.HASH_CHARS));
            case Protection.Action.Mask(int first, int last) ->
                    with(field, field.required(), text(first + Protection.MASK.length() + last));
            case Protection.Action.Drop _ -> with(field, false, field.type());
            case null -> with(field, field.required(), inside(field.type(), path));
        };
    }

    private FieldType inside(FieldType type, String path) {
        return switch (type) {
            case FieldType.Struct struct ->
                    new FieldType.Struct(published(struct.fields(), path + "."));
            case FieldType.Array array ->
                    new FieldType.Array(inside(array.items(), path), array.size(), array.unique());
            case FieldType.Text _,
                    FieldType.Int _,
                    FieldType.Real _,
                    FieldType.Decimal _,
                    FieldType.Bool _,
                    FieldType.Date _,
                    FieldType.Time _,
                    FieldType.Timestamp _ ->
                    type;
        };
    }

    /// A text of at most so many characters that nobody reads as prose.
    private static FieldType text(int chars) {
        return new FieldType.Text(
                Range.closed(0, chars), Optional.empty(), Optional.empty(), List.of());
    }

    private static Field with(Field field, boolean required, FieldType type) {
        return new Field(
                field.name(),
                type,
                required,
                field.added(),
                field.formerName(),
                field.classification(),
                field.description());
    }
}
