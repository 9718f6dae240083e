package leat.stream.sql;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.yaml.NearestName;

/// All tables that queries can name: for each contract `<contract>_v<major>` and
/// `<contract>_v<major>_dead`, and without `_v<major>` the newest major version of both; for each
/// feature view `<view>_v<version>` and `<view>`, for each scoring `<scoring>_v<version>` and
/// `<scoring>`.
public final class SqlTables {

    private final TreeMap<String, SqlTable> byName = new TreeMap<>();
    private final TreeMap<String, SqlTable> aliases = new TreeMap<>();

    public SqlTables(Names names, Collection<Contract> contracts) {
        this(names, contracts, List.of());
    }

    /// @param vectors the contracts of the feature views' vectors, whose names no contract has
    public SqlTables(Names names, Collection<Contract> contracts, Collection<Contract> vectors) {
        this(names, contracts, vectors, List.of());
    }

    /// @param vectors the contracts of the feature views' vectors, whose names no contract has
    /// @param predictions the contracts of what is predicted of them, with names of their own too
    public SqlTables(
            Names names,
            Collection<Contract> contracts,
            Collection<Contract> vectors,
            Collection<Contract> predictions) {
        for (Contract contract : oldestFirst(contracts)) {
            add(
                    contract.name().tableName(),
                    new SqlTable(
                            contract.tableName(),
                            contract,
                            SqlTable.Content.EVENTS,
                            List.of(names.enriched(contract))));
            List<String> deadTopics = new ArrayList<>();
            for (Names.DeadStage stage : Names.DeadStage.values()) {
                deadTopics.add(names.dead(contract, stage));
            }
            add(
                    contract.name().tableName() + "_dead",
                    new SqlTable(
                            contract.tableName() + "_dead",
                            contract,
                            SqlTable.Content.DEAD_LETTERS,
                            deadTopics));
        }
        for (Contract view : oldestFirst(vectors)) {
            add(
                    view.name().tableName(),
                    new SqlTable(
                            view.tableName(),
                            view,
                            SqlTable.Content.VECTORS,
                            List.of(names.vectors(view))));
        }
        for (Contract scoring : oldestFirst(predictions)) {
            add(
                    scoring.name().tableName(),
                    new SqlTable(
                            scoring.tableName(),
                            scoring,
                            SqlTable.Content.PREDICTIONS,
                            List.of(names.predictions(scoring))));
        }
    }

    private static List<Contract> oldestFirst(Collection<Contract> contracts) {
        return contracts.stream().sorted(Comparator.comparing(Contract::version)).toList();
    }

    private void add(String alias, SqlTable table) {
        byName.put(table.name(), table);
        aliases.put(alias, table);
    }

    /// The table of that name or alias; SQL names know no case.
    public Optional<SqlTable> find(String name) {
        String key = name.toLowerCase(Locale.ROOT);
        return Optional.ofNullable(byName.get(key)).or(() -> Optional.ofNullable(aliases.get(key)));
    }

    /// The tables that those names stand for; unknown ones are left out.
    Map<String, SqlTable> named(Collection<String> names) {
        TreeMap<String, SqlTable> named = new TreeMap<>();
        for (String name : names) {
            find(name).ifPresent(table -> named.put(name, table));
        }
        return named;
    }

    /// Every table once, by its full name.
    public List<SqlTable> all() {
        return List.copyOf(byName.values());
    }

    /// Every name a query can use, aliases too.
    public List<String> names() {
        List<String> names = new ArrayList<>(aliases.keySet());
        names.addAll(byName.keySet());
        return List.copyOf(names);
    }

    SqlRefused unknown(String name) {
        String nearest =
                NearestName.of(name, names())
                        .map(n -> "write '" + n + "' if that was meant; ")
                        .orElse("");
        String known =
                byName.isEmpty()
                        ? "there is no table yet: add a contract"
                        : "the tables are " + String.join(", ", names());
        return new SqlRefused(
                SqlRefused.Code.UNKNOWN_TABLE, "there is no table '" + name + "'", nearest + known);
    }
}
