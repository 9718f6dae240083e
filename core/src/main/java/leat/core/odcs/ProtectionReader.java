package leat.core.odcs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import leat.core.contract.Contract.Reference;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.contract.Protection;
import leat.core.contract.Protection.Action;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;
import org.jspecify.annotations.Nullable;

/// Reads the entries of `leat.enrich` that protect fields: `{protect: {classification: secret},
/// action: hash}`, `{protect: {field: customer.mail}, action: mask, keep: {last: 4}}`. An entry
/// that names the field goes before one that names its classification.
final class ProtectionReader {

    private static final String KEY = "protect";

    private final List<Keys> entries = new ArrayList<>();
    private final List<Keys> others = new ArrayList<>();

    /// @param all the entries of `leat.enrich`
    ProtectionReader(List<Keys> all) {
        for (Keys entry : all) {
            if (entry.mapping().find(KEY).isPresent()) {
                entries.add(entry);
                continue;
            }
            others.add(entry);
            if (!entries.isEmpty()) {
                entry.problems()
                        .add(
                                entry.location(),
                                entry.path(),
                                "stands behind an entry that protects",
                                "move it before them: fields are protected after all steps, so that"
                                        + " steps see the plain values");
            }
        }
    }

    /// The entries that protect nothing, in order.
    List<Keys> otherSteps() {
        return others;
    }

    /// What of a contract needs plain values.
    ///
    /// @param id the fields whose values identify an event
    /// @param key the field whose value is the Kafka key
    /// @param time the field that carries the event's time
    /// @param reference how the contract is reference data, if it is
    record Plain(
            List<FieldPath> id,
            Optional<FieldPath> key,
            Optional<FieldPath> time,
            Optional<Reference> reference) {}

    /// A field that is to be protected, and the entry that says so.
    private record Wish(Target target, Action action, Keys entry, boolean byName) {

        void complain(String message, String remedy) {
            entry.complain(KEY, "'" + target.path() + "' " + message, remedy);
        }
    }

    /// A field of the contract with the way to it.
    private record Target(String path, Field field) {}

    /// The protections over the contract's fields, in the order of the fields.
    List<Protection> read(List<Field> fields, Plain plain) {
        if (entries.isEmpty()) {
            return List.of();
        }
        List<Target> targets = targets(fields, "").toList();
        Map<String, Wish> wishes = wishes(targets);
        List<Protection> read = new ArrayList<>();
        for (Target target : targets) {
            @Nullable Wish wish = wishes.get(target.path());
            if (wish != null && !isInsideDropped(wish, wishes)) {
                check(wish, plain);
                read.add(new Protection(FieldPath.parse(target.path()), wish.action()));
            }
        }
        return read;
    }

    private static Stream<Target> targets(List<Field> fields, String parent) {
        return fields.stream()
                .flatMap(field -> {
                    String path = parent + field.name();
                    return Stream.concat(
                            Stream.of(new Target(path, field)), inside(field.type(), path + "."));
                });
    }

    private static Stream<Target> inside(FieldType type, String parent) {
        return switch (type) {
            case FieldType.Struct struct -> targets(struct.fields(), parent);
            case FieldType.Array array -> inside(array.items(), parent);
            case FieldType.Text _,
                    FieldType.Int _,
                    FieldType.Real _,
                    FieldType.Decimal _,
                    FieldType.Bool _,
                    FieldType.Date _,
                    FieldType.Time _,
                    FieldType.Timestamp _ ->
                    Stream.empty();
        };
    }

    private Map<String, Wish> wishes(List<Target> targets) {
        Map<String, Wish> wishes = new LinkedHashMap<>();
        for (Keys entry : entries) {
            Optional<Action> action = action(entry);
            List<Target> meant = meant(entry, targets);
            if (action.isEmpty()) {
                continue;
            }
            boolean byName = entry.keys(KEY).flatMap(keys -> keys.text("field")).isPresent();
            for (Target target : meant) {
                Wish wish = new Wish(target, action.get(), entry, byName);
                @Nullable Wish earlier = wishes.get(target.path());
                if (earlier == null || (byName && !earlier.byName())) {
                    wishes.put(target.path(), wish);
                } else if (byName == earlier.byName()) {
                    wish.complain("is protected twice", "remove one of the two entries");
                }
            }
        }
        return wishes;
    }

    private static Optional<Action> action(Keys entry) {
        entry.allow(Set.of(KEY, "action", "keep"));
        entry.requiredText("action", "write hash, mask or drop");
        Optional<Action> action = entry.parsed("action", scalar -> action(scalar.text(), entry));
        if (action.isPresent()
                && !(action.get() instanceof Action.Mask)
                && entry.mapping().find("keep").isPresent()) {
            entry.complain("keep", "belongs to action: mask", "remove it");
        }
        return action;
    }

    private static Action action(String word, Keys entry) {
        return switch (word) {
            case "hash" -> new Action.Hash();
            case "mask" -> mask(entry);
            case "drop" -> new Action.Drop();
            default ->
                    throw new IllegalArgumentException("is '" + word + "', use hash, mask or drop");
        };
    }

    private static Action mask(Keys entry) {
        Optional<Keys> keep = entry.keys("keep");
        keep.ifPresent(keys -> keys.allow(Set.of("first", "last")));
        int first = kept(keep, "first");
        int last = kept(keep, "last");
        if (first + last > Protection.MAX_KEPT) {
            entry.complain(
                    "keep",
                    "keeps " + (first + last) + " characters",
                    "keep at most " + Protection.MAX_KEPT + ", first and last together");
            return new Action.Mask(0, 0);
        }
        return new Action.Mask(first, last);
    }

    private static int kept(Optional<Keys> keep, String key) {
        return keep.flatMap(keys -> keys.integer(key, 0, Protection.MAX_KEPT)).orElse(0);
    }

    /// The fields that an entry means.
    private static List<Target> meant(Keys entry, List<Target> targets) {
        Optional<Keys> what = entry.keys(KEY);
        if (what.isEmpty()) {
            return List.of();
        }
        Keys keys = what.get();
        keys.allow(Set.of("classification", "field"));
        Optional<String> name = keys.text("field");
        Optional<String> classification = keys.text("classification");
        if (name.isPresent() == classification.isPresent()) {
            entry.complain(
                    KEY,
                    name.isPresent() ? "names both a field and a classification" : "names nothing",
                    "write {field: …} or {classification: …}");
            return List.of();
        }
        List<Target> meant =
                targets.stream()
                        .filter(target ->
                                name.isPresent()
                                        ? name.get().equals(target.path())
                                        : target.field().classification().equals(classification))
                        .toList();
        if (meant.isEmpty()) {
            name.ifPresent(path ->
                    keys.complain(
                            "field",
                            "there is no field '" + path + "'",
                            NearestName.remedy(path, targets.stream().map(Target::path).toList())));
            classification.ifPresent(word -> noSuchClassification(keys, word, targets));
        }
        return meant;
    }

    private static void noSuchClassification(Keys keys, String word, List<Target> targets) {
        Set<String> known = new TreeSet<>();
        targets.forEach(target -> target.field().classification().ifPresent(known::add));
        keys.complain(
                "classification",
                "no field has the classification '" + word + "'",
                known.isEmpty()
                        ? "write classification: " + word + " at the fields that it concerns"
                        : NearestName.remedy(word, known));
    }

    /// Nothing is left to do within an object that is dropped.
    private static boolean isInsideDropped(Wish wish, Map<String, Wish> wishes) {
        String path = wish.target().path();
        Optional<Wish> dropped =
                wishes.values().stream()
                        .filter(other ->
                                other.action() instanceof Action.Drop
                                        && path.startsWith(other.target().path() + "."))
                        .findFirst();
        if (dropped.isPresent() && wish.byName()) {
            wish.complain(
                    "is dropped with '" + dropped.get().target().path() + "' around it",
                    "remove one of the two entries");
        }
        return dropped.isPresent();
    }

    private static void check(Wish wish, Plain plain) {
        boolean isText = wish.target().field().type() instanceof FieldType.Text;
        if (!isText && !(wish.action() instanceof Action.Drop)) {
            wish.complain(
                    "is no string, and only strings can be hashed or masked",
                    "drop it, or name the strings within it; an identifier made of digits can be"
                            + " declared as a string");
        }
        String path = wish.target().path();
        if (plain.id().stream().anyMatch(part -> reaches(path, part))) {
            wish.complain(
                    "is part of the event's id, which stays readable in headers, tables and"
                            + " answers",
                    "take primaryKey from it and identify events by something that is not"
                            + " personal, e.g. a number of your own, or by ce_id");
        }
        if (plain.time().filter(part -> reaches(path, part)).isPresent()) {
            wish.complain(
                    "is or holds the event's time (leat.time), which headers and tables carry",
                    "protect other fields");
        }
        if (plain.key().filter(part -> reaches(path, part)).isPresent()) {
            checkKey(wish, plain);
        }
        if (plain.reference().flatMap(Reference::deletedField).filter(path::equals).isPresent()) {
            wish.complain(
                    "says which rows are deleted (leat.deletedField)", "protect other fields");
        }
    }

    private static void checkKey(Wish wish, Plain plain) {
        if (plain.reference().isPresent()) {
            wish.complain(
                    "is or holds the key that this reference data is looked up by",
                    "choose another key (leat.key)");
        } else if (!(wish.action() instanceof Action.Hash)) {
            wish.complain(
                    "is or holds the Kafka key (leat.key), of which only a hash can take the place",
                    "hash it, or choose another key");
        }
    }

    /// Whether what is done to the field at `path` concerns the field at `part`.
    private static boolean reaches(String path, FieldPath part) {
        String whole = part.toString();
        return whole.equals(path) || whole.startsWith(path + ".");
    }
}
