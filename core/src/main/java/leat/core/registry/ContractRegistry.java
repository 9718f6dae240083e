package leat.core.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import leat.core.registry.SchemaText.SchemaType;

/// The state that the registered versions fold to.
///
/// @param versions by [RegisteredVersion#key()]
public record ContractRegistry(Map<String, RegisteredVersion> versions) {

    public static final ContractRegistry EMPTY = new ContractRegistry(Map.of());

    public ContractRegistry {
        versions = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    }

    /// The state after one more event; a version that is there is replaced by what is newer of it.
    public ContractRegistry apply(RegisteredVersion version) {
        return applyAll(List.of(version));
    }

    /// The state after all of these events.
    public ContractRegistry applyAll(Collection<RegisteredVersion> more) {
        Map<String, RegisteredVersion> next = new LinkedHashMap<>(versions);
        more.forEach(version -> next.put(version.key(), version));
        return new ContractRegistry(next);
    }

    /// The newest version of a contract within one major version.
    public Optional<RegisteredVersion> newest(String nameAndMajor) {
        return versions.values().stream()
                .filter(version -> version.nameAndMajor().equals(nameAndMajor))
                .max(Comparator.comparing(RegisteredVersion::version));
    }

    /// All that have no newer one within their major version.
    public List<RegisteredVersion> newest() {
        return versions.values().stream()
                .map(RegisteredVersion::nameAndMajor)
                .distinct()
                .sorted()
                .flatMap(name -> newest(name).stream())
                .toList();
    }

    /// The schemas of each subject, by their number.
    public SortedMap<String, SortedMap<Integer, RegisteredSchema>> subjects() {
        SortedMap<String, SortedMap<Integer, RegisteredSchema>> subjects = new TreeMap<>();
        for (RegisteredSchema schema : schemas()) {
            subjects.computeIfAbsent(schema.subject(), _ -> new TreeMap<>())
                    .put(schema.number(), schema);
        }
        return subjects;
    }

    /// The schemas of one subject, by their number; none where it is not there.
    public SortedMap<Integer, RegisteredSchema> subject(String name) {
        return subjects().getOrDefault(name, new TreeMap<>());
    }

    /// Every place where a schema of that id stands.
    public List<RegisteredSchema> schemas(int id) {
        return schemas().stream().filter(schema -> schema.id() == id).toList();
    }

    /// The id of a text, wherever it stands.
    Optional<Integer> id(SchemaType type, String text) {
        return schemas().stream()
                .filter(s -> s.schema().type() == type && s.schema().text().equals(text))
                .map(RegisteredSchema::id)
                .findFirst();
    }

    /// The next id that nothing has had.
    int nextId() {
        return 1 + schemas().stream().mapToInt(RegisteredSchema::id).max().orElse(0);
    }

    private List<RegisteredSchema> schemas() {
        List<RegisteredSchema> all = new ArrayList<>();
        versions.values().forEach(version -> all.addAll(version.schemas()));
        return all;
    }
}
