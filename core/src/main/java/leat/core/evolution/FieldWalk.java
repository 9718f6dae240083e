package leat.core.evolution;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import leat.core.contract.Field;
import leat.core.contract.FieldType;

/// Compares the fields of two versions, level by level.
final class FieldWalk {

    private static final String KEEP_TYPE =
            "keep the field as it was, and add another one beside it for what is new";

    private final boolean openBefore;
    private final boolean openAfter;
    private final List<Change> changes;

    /// @param openBefore whether events of the earlier version may hold fields that it does not
    ///   name
    /// @param openAfter whether those of the later one may
    FieldWalk(boolean openBefore, boolean openAfter, List<Change> changes) {
        this.openBefore = openBefore;
        this.openAfter = openAfter;
        this.changes = changes;
    }

    /// Where fields are compared.
    ///
    /// @param path of the object; empty for the event itself
    /// @param unique whether it is within an array that holds nothing twice: items that differ in a
    ///   new field alone are the same item to a reader that passes over it
    private record Place(String path, boolean unique) {
        Place child(String name) {
            return new Place(path.isEmpty() ? name : path + "." + name, unique);
        }

        Place items(boolean uniqueItems) {
            return new Place(path + "[]", unique || uniqueItems);
        }
    }

    void event(List<Field> earlier, List<Field> later) {
        fields(new Place("", false), earlier, later);
    }

    private void fields(Place parent, List<Field> earlier, List<Field> later) {
        Map<String, Field> before = new LinkedHashMap<>();
        earlier.forEach(field -> before.put(field.name(), field));
        Set<String> after = later.stream().map(Field::name).collect(Collectors.toSet());
        Set<String> taken = new HashSet<>();
        for (Field field : later) {
            Place where = parent.child(field.name());
            Optional<String> former =
                    field.formerName()
                            .filter(name -> !before.containsKey(field.name()))
                            .filter(name -> !after.contains(name) && before.containsKey(name))
                            .filter(taken::add);
            former.ifPresent(name -> renamed(where.path(), name));
            Field old = before.get(former.orElse(field.name()));
            if (old == null) {
                added(where, field);
            } else {
                taken.add(old.name());
                both(where, old, field);
            }
        }
        before.values().stream()
                .filter(field -> !taken.contains(field.name()))
                .forEach(field -> removed(parent.child(field.name()).path(), field));
    }

    private void renamed(String where, String former) {
        String what = "was called '" + former + "'; clients have to send the new name";
        if (openBefore) {
            change(
                    where,
                    what + ", and events may hold something else under it",
                    Compatibility.BREAKING,
                    "");
        } else {
            change(where, what, Compatibility.BACKWARD, "");
        }
    }

    private void added(Place where, Field field) {
        boolean forward = !where.unique();
        if (field.required()) {
            change(
                    where.path(),
                    "is new and required, and events that are there do not have it",
                    Compatibility.of(false, forward),
                    "leave it optional");
        } else if (openBefore) {
            change(
                    where.path(),
                    "is new, and events that are there may hold something else under its name,"
                            + " since leat.unknownFields is keep",
                    Compatibility.of(false, forward),
                    "");
        } else {
            change(where.path(), "is new", Compatibility.of(true, forward), "");
        }
    }

    private void removed(String where, Field field) {
        change(
                where,
                "is no longer there, and what it held could not be read",
                Compatibility.of(false, !field.required() && !openAfter),
                "keep it as an optional field, it need not be sent");
    }

    private void both(Place where, Field earlier, Field later) {
        String path = where.path();
        if (!earlier.required() && later.required()) {
            change(
                    path,
                    "is required now, and events that are there may not have it",
                    Compatibility.FORWARD,
                    "leave it optional");
        }
        if (earlier.required() && !later.required()) {
            change(path, "is optional now", Compatibility.BACKWARD, "");
        }
        if (!earlier.added() && later.added()) {
            change(
                    path,
                    "is added by the enricher now, and clients that send it are refused",
                    Compatibility.FORWARD,
                    "let the step set another field");
        }
        if (earlier.added() && !later.added()) {
            change(
                    path,
                    "is sent by clients now, the enricher no longer adds it",
                    Compatibility.of(!later.required(), !earlier.required()),
                    later.required() ? "leave it optional" : "");
        }
        type(where, earlier.type(), later.type());
    }

    private void type(Place where, FieldType earlier, FieldType later) {
        if (earlier instanceof FieldType.Struct before && later instanceof FieldType.Struct after) {
            fields(where, before.fields(), after.fields());
            return;
        }
        String difference = Facets.between(earlier, later);
        if (!difference.isEmpty()) {
            boolean backward = included(earlier, later);
            change(
                    where.path(),
                    difference,
                    Compatibility.of(backward, included(later, earlier)),
                    backward ? "" : KEEP_TYPE);
        }
        if (earlier instanceof FieldType.Array before && later instanceof FieldType.Array after) {
            type(where.items(before.unique()), before.items(), after.items());
        }
    }

    private static boolean included(FieldType inner, FieldType outer) {
        return switch (inner) {
            case FieldType.Text a -> outer instanceof FieldType.Text b && Inclusion.within(a, b);
            case FieldType.Int a -> outer instanceof FieldType.Int b && Inclusion.within(a, b);
            case FieldType.Real a -> outer instanceof FieldType.Real b && Inclusion.within(a, b);
            case FieldType.Decimal a ->
                    outer instanceof FieldType.Decimal b && Inclusion.within(a, b);
            case FieldType.Bool _ -> outer instanceof FieldType.Bool;
            case FieldType.Date a -> outer instanceof FieldType.Date b && Inclusion.within(a, b);
            case FieldType.Time a -> outer instanceof FieldType.Time b && Inclusion.within(a, b);
            case FieldType.Timestamp a ->
                    outer instanceof FieldType.Timestamp b && Inclusion.within(a, b);
            case FieldType.Struct _ -> outer instanceof FieldType.Struct;
            case FieldType.Array a ->
                    outer instanceof FieldType.Array b
                            && Inclusion.within(
                                    Inclusion.wholeLengths(a.size()),
                                    Inclusion.wholeLengths(b.size()))
                            && (a.unique() || !b.unique());
        };
    }

    private void change(String where, String what, Compatibility compatibility, String remedy) {
        changes.add(new Change(where, what, compatibility, remedy));
    }
}
