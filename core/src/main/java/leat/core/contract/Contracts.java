package leat.core.contract;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import leat.core.yaml.NearestName;

/// The contracts of a workspace, by name. No two have the same name and major version, nor the same
/// table name.
public record Contracts(List<Contract> all) {

    public Contracts {
        all = List.copyOf(all);
    }

    /// The newest version of a contract.
    public Optional<Contract> find(String name) {
        return all.stream()
                .filter(contract -> contract.name().value().equals(name))
                .max(java.util.Comparator.comparing(Contract::version));
    }

    /// A contract by its name, then the newest, or by name and major version: `car-registry.v1`.
    public Optional<Contract> named(String text) {
        return all.stream()
                .filter(contract -> contract.nameAndMajor().equals(text))
                .findFirst()
                .or(() -> find(text));
    }

    /// The contract whose name is nearest to one that is not there, for "did you mean".
    public Optional<String> nearest(String name) {
        return NearestName.of(name, names());
    }

    /// All names, sorted, each once.
    public Collection<String> names() {
        return all.stream().map(contract -> contract.name().value()).sorted().distinct().toList();
    }
}
