package leat.core.contract;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Finds contracts whose tables would have one name. Tables belong to one contract and major
/// version, the views without a version to one name. Not for several threads.
public final class TableOwners {

    private final Map<String, Owner> owners = new HashMap<>();

    private record Owner(String of, Contract contract) {}

    /// A table that is another's already.
    public record Taken(String table, Contract owner) {}

    /// Gives a contract its tables; says which of them is not free.
    public Optional<Taken> claim(Contract contract) {
        Map<String, String> tables = new LinkedHashMap<>();
        tables.put(contract.tableName(), contract.nameAndMajor());
        tables.put(contract.tableName() + "_dead", contract.nameAndMajor());
        tables.put(contract.name().tableName(), contract.name().value());
        tables.put(contract.name().tableName() + "_dead", contract.name().value());
        for (Map.Entry<String, String> table : tables.entrySet()) {
            Owner wanted = new Owner(table.getValue(), contract);
            Owner owner = owners.putIfAbsent(table.getKey(), wanted);
            boolean sameFileTwice = table.getValue().equals(contract.nameAndMajor());
            if (owner != null && (sameFileTwice || !owner.of().equals(wanted.of()))) {
                return Optional.of(new Taken(table.getKey(), owner.contract()));
            }
        }
        return Optional.empty();
    }
}
