package leat.stream.lake;

import java.util.List;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.admin.Admin;

/// A second loader of a table in a group of its own, as when two installations share a lake by
/// mistake: the group protocol does not keep it from the first one's partitions.
final class TableLoaderTwin implements AutoCloseable {

    private final Admin admin;
    private final TableLoader loader;

    private TableLoaderTwin(Admin admin, TableLoader loader) {
        this.admin = admin;
        this.loader = loader;
    }

    static TableLoaderTwin start(
            LogConnection connection, Names names, LakeCatalog catalog, Contract contract) {
        LakeTables tables = new LakeTables(catalog);
        Admin admin = connection.admin();
        TableLoader loader =
                new TableLoader(
                        new TableSource(
                                contract.nameAndMajor(),
                                "twin",
                                () -> tables.enriched(contract),
                                List.of(names.enriched(contract)),
                                names.group("twin"),
                                contract.lake().partitioning(),
                                (schema, _) ->
                                        new EnrichedDecoder(
                                                contract, CarLog.parser(contract), schema),
                                topics ->
                                        new LakeDeadLetters(
                                                connection,
                                                "twin",
                                                names.dead(contract, Names.DeadStage.LAKE),
                                                topics,
                                                names.retry(contract, Names.DeadStage.LAKE))),
                        connection,
                        admin,
                        LakeProcess.settings());
        loader.start();
        return new TableLoaderTwin(admin, loader);
    }

    @Override
    public void close() {
        loader.close();
        admin.close();
    }
}
