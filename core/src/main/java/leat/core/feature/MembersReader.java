package leat.core.feature;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.contract.Field;
import leat.core.feature.FeatureSet.Member;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;
import leat.core.yaml.YamlNode.Entry;
import leat.core.yaml.YamlNode.Scalar;

/// Reads which features a set has.
final class MembersReader {

    private static final int MAX_FEATURES = 1_000;
    private static final String FEATURES = "features";
    private static final String VIEW = "view";
    private static final String NAMES = "names";
    private static final String RENAME = "rename";
    private static final String TIME = "time";

    private final Keys root;
    private final String entity;
    private final ReadViews views;
    private final Map<String, Named> members = new LinkedHashMap<>();
    private final Map<String, Called> called = new HashMap<>();

    /// @param entity what the set says that it is of; empty where it says nothing that makes sense
    MembersReader(Keys root, String entity, ReadViews views) {
        this.root = root;
        this.entity = entity;
        this.views = views;
    }

    /// A feature, and the line of its entry.
    private record Named(Member member, int line) {}

    /// What a view is called, and the line of that.
    private record Called(String name, CompiledView view, int line) {}

    /// The features in the set's order. Where something is wrong with them, a problem was added.
    List<Member> read() {
        int before = root.problems().count();
        List<Keys> entries = root.list(FEATURES);
        entries.forEach(this::read);
        // Entries may be there, though the views that they name could not be read.
        if (entries.isEmpty() && root.problems().count() == before) {
            root.complain(FEATURES, "names none", "list at least one view with its features");
        } else if (members.size() > MAX_FEATURES) {
            root.complain(
                    FEATURES,
                    "names " + members.size() + " features, more than " + MAX_FEATURES,
                    "split the set");
        }
        return members.values().stream().map(Named::member).toList();
    }

    private void read(Keys entry) {
        entry.allow(SetKeys.ENTRY);
        Optional<String> name = entry.requiredText(VIEW, "name a feature view");
        List<Scalar> names = entry.scalars(NAMES);
        Optional<Keys> rename = entry.keys(RENAME);
        Map<String, String> renamed = rename.map(MembersReader::renamed).orElse(Map.of());
        if (entry.mapping().find(NAMES).isPresent() && names.isEmpty()) {
            entry.complain(
                    NAMES, "names none", "list features, or leave it out to take all of the view");
        }
        Optional<List<Taken>> taken = name.flatMap(text -> taken(entry, text, names));
        if (taken.isEmpty()) {
            return;
        }
        List<String> features = taken.get().stream().map(Taken::feature).toList();
        rename.ifPresent(keys -> checkRenamed(keys, renamed, features));
        for (Taken one : taken.get()) {
            String given = renamed.getOrDefault(one.feature(), one.feature());
            add(entry, one, new Member(given, name.orElseThrow(), one.feature()));
        }
    }

    /// A feature that an entry takes.
    ///
    /// @param scalar where it is named; empty where the entry takes all
    private record Taken(String feature, Optional<Scalar> scalar) {}

    /// What an entry takes, of a faulty view what it names; empty where that cannot be said.
    private Optional<List<Taken>> taken(Keys entry, String name, List<Scalar> names) {
        if (!views.isFaulty(name)) {
            return view(entry, name).map(view -> taken(entry, view, names));
        }
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        names.stream()
                                .map(scalar -> new Taken(scalar.text(), Optional.of(scalar)))
                                .toList());
    }

    private static List<Taken> taken(Keys entry, CompiledView view, List<Scalar> names) {
        List<String> known = view.fields().stream().map(Field::name).toList();
        if (entry.mapping().find(NAMES).isEmpty()) {
            return known.stream().map(feature -> new Taken(feature, Optional.empty())).toList();
        }
        List<Taken> taken = new ArrayList<>();
        for (Scalar scalar : names) {
            if (known.contains(scalar.text())) {
                taken.add(new Taken(scalar.text(), Optional.of(scalar)));
            } else {
                complain(
                        entry,
                        scalar,
                        "the view "
                                + view.view().name()
                                + " has no feature '"
                                + scalar.text()
                                + "'",
                        NearestName.remedy(scalar.text(), known));
            }
        }
        return taken;
    }

    private void add(Keys entry, Taken taken, Member member) {
        if (member.name().equals(TIME)) {
            complain(
                    entry,
                    taken,
                    "'" + TIME + "' is the column of the times in training sets",
                    "rename it, e.g. rename: {" + member.feature() + ": " + example(member) + "}");
            return;
        }
        int line =
                taken.scalar().map(Scalar::location).orElseGet(() -> entry.location(VIEW)).line();
        Named earlier = members.putIfAbsent(member.name(), new Named(member, line));
        if (earlier == null) {
            return;
        }
        boolean same =
                earlier.member().feature().equals(member.feature())
                        && NamedViews.bare(earlier.member().view())
                                .equals(NamedViews.bare(member.view()));
        String message = "'" + member.name() + "' comes from line " + earlier.line() + " too";
        String remedy =
                same
                        ? "remove one of the two"
                        : "rename one of the two, e.g. rename: {"
                                + member.feature()
                                + ": "
                                + example(member)
                                + "}";
        complain(entry, taken, message, remedy);
    }

    private static void complain(Keys entry, Taken taken, String message, String remedy) {
        taken.scalar()
                .ifPresentOrElse(
                        scalar -> complain(entry, scalar, message, remedy),
                        () -> entry.complain(VIEW, message, remedy));
    }

    private static String example(Member member) {
        return NamedViews.bare(member.view()).replace('-', '_') + "_" + member.feature();
    }

    /// What features are called in the set, by what the view calls them.
    private static Map<String, String> renamed(Keys rename) {
        Map<String, String> renamed = new LinkedHashMap<>();
        for (Entry one : rename.mapping().entries()) {
            String feature = one.key().text();
            Optional<String> name = rename.requiredText(feature, "write the new name");
            Optional<Objection> objection = name.flatMap(FeatureNames::objection);
            objection.ifPresent(found -> rename.complain(feature, found.message(), found.remedy()));
            if (objection.isEmpty()) {
                name.ifPresent(text -> renamed.put(feature, text));
            }
        }
        return renamed;
    }

    private static void checkRenamed(Keys rename, Map<String, String> renamed, List<String> taken) {
        renamed.keySet().stream()
                .filter(feature -> !taken.contains(feature))
                .forEach(feature ->
                        rename.complain(
                                feature,
                                "is none of the features of this entry",
                                NearestName.remedy(feature, taken)));
    }

    private Optional<CompiledView> view(Keys entry, String name) {
        Optional<CompiledView> found = views.find(name);
        if (found.isEmpty()) {
            entry.complain(VIEW, "there is no feature view '" + name + "'", views.remedy(name));
            return found;
        }
        int before = root.problems().count();
        checkEntity(entry, found.get());
        checkKey(entry, found.get());
        checkCalled(entry, found.get(), name);
        return root.problems().count() == before ? found : Optional.empty();
    }

    private void checkEntity(Keys entry, CompiledView view) {
        if (!entity.isEmpty() && !view.view().entity().equals(entity)) {
            entry.complain(
                    VIEW,
                    "'"
                            + view.view().name()
                            + "' is of a "
                            + view.view().entity()
                            + ", the set of a "
                            + entity,
                    "leave it out, or put it into another set");
        }
    }

    /// A key names an entity only where its values are of one type.
    private void checkKey(Keys entry, CompiledView view) {
        String type = view.keyType().word();
        called.values().stream()
                .map(Called::view)
                .filter(other -> !other.keyType().word().equals(type))
                .findFirst()
                .ifPresent(other ->
                        entry.complain(
                                VIEW,
                                "the key of '"
                                        + view.view().name()
                                        + "' is of type "
                                        + type
                                        + ", that of '"
                                        + other.view().name()
                                        + "' of type "
                                        + other.keyType().word()
                                        + ", so that they do not name the same "
                                        + view.view().entity(),
                                "put it into another set, or give both contracts keys of one"
                                        + " type"));
    }

    /// A view that is pinned in one entry and followed in another would be two.
    private void checkCalled(Keys entry, CompiledView view, String name) {
        String bare = view.view().name().value();
        Called earlier =
                called.putIfAbsent(bare, new Called(name, view, entry.location(VIEW).line()));
        if (earlier != null && !earlier.name().equals(name)) {
            entry.complain(
                    VIEW,
                    "'" + name + "' is called '" + earlier.name() + "' in line " + earlier.line(),
                    "write '" + earlier.name() + "' here too");
        }
    }

    private static void complain(Keys entry, Scalar scalar, String message, String remedy) {
        entry.problems().add(scalar.location(), entry.path(NAMES), message, remedy);
    }
}
