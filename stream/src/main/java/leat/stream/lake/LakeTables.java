package leat.stream.lake;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.event.TopicId;
import leat.core.feature.CompiledView;
import org.apache.iceberg.NullOrder;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.ReplaceSortOrder;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.types.Type;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The lake's tables, two a contract and one a feature view: planned from contracts, made, evolved
/// and looked up.
public final class LakeTables {

    /// Table property: the version of the contract that the columns follow.
    public static final String CONTRACT_VERSION = "leat.contract-version";

    /// Table properties with this prefix and a topic's name hold the id of the topic that the table
    /// is loaded from.
    public static final String TOPIC_ID = "leat.topic-id.";

    private static final Logger LOG = LoggerFactory.getLogger(LakeTables.class);

    private final LakeCatalog catalog;

    public LakeTables(LakeCatalog catalog) {
        this.catalog = catalog;
    }

    /// The columns of a contract's table of enriched events, as a new table would have them. The
    /// field ids of a table that exists are its own: join by name.
    public static Schema schema(Contract contract) {
        return LakeSchema.of(contract);
    }

    /// The columns of a table of dead letters.
    public static Schema deadSchema() {
        return DeadColumns.SCHEMA;
    }

    /// The table of a contract's enriched events, if it has been made.
    public Optional<Table> enriched(Contract contract) {
        return load(catalog.enriched(contract));
    }

    /// The table of a contract's dead letters, if it has been made.
    public Optional<Table> dead(Contract contract) {
        return load(catalog.dead(contract));
    }

    /// The table of a feature view's vectors, if it has been made.
    ///
    /// @param vectors the contract of the view's vectors
    public Optional<Table> vectors(Contract vectors) {
        return load(catalog.vectors(vectors));
    }

    /// The same by the name of a version, `NAME.vN`, whatever its vectors are.
    public Optional<Table> vectors(String version) {
        return load(
                TableIdentifier.of(
                        catalog.namespace(), version.replace('-', '_').replace(".v", "_v")));
    }

    /// What [#apply] would do for a feature view. A version of a view has the features that it
    /// began with, so its table is made once and never altered.
    ///
    /// @param vectors the contract of the view's vectors
    public TableChange planVectors(Contract vectors) {
        return planVectors(vectors, "count up the view's version");
    }

    /// What [#apply] would do for what is predicted of vectors. Its table is made once and never
    /// altered either.
    public TableChange planPredictions(Contract predictions) {
        return planVectors(predictions, "count up scoring.version");
    }

    private TableChange planVectors(Contract vectors, String remedy) {
        TableIdentifier name = catalog.vectors(vectors);
        Optional<Table> table = load(name);
        if (table.isPresent()) {
            Evolution evolution = Evolution.of(table.get().schema().asStruct(), vectors);
            List<String> problems = new ArrayList<>(evolution.problems());
            evolution.steps().forEach(step -> problems.add(step.toString()));
            return problems.isEmpty()
                    ? new TableChange.Keep(name)
                    : new TableChange.Refused(name, problems, remedy);
        }
        Schema schema = LakeSchema.ofVectors(vectors);
        return new TableChange.Create(
                name,
                vectors.version().toString(),
                schema,
                LakeSchema.spec(schema, CompiledView.QUERY_TIME, vectors.lake().partitioning()),
                LakeSchema.sortOrder(vectors, schema));
    }

    /// What [#apply] would do for a contract: one change for each of its two tables.
    public List<TableChange> plan(Contract contract) {
        return List.of(planEnriched(contract), planDead(contract));
    }

    /// Makes and alters what the plan says. A table that another process made meanwhile is left as
    /// it is.
    ///
    /// @throws TableRefused when the plan refuses a table; nothing has been changed then
    public void apply(Collection<TableChange> plan) {
        for (TableChange change : plan) {
            if (change instanceof TableChange.Refused refused) {
                throw new TableRefused(refused);
            }
        }
        for (TableChange change : plan) {
            switch (change) {
                case TableChange.Create create -> create(create);
                case TableChange.Evolve evolve -> evolve(evolve);
                case TableChange.Keep _, TableChange.Refused _ -> {}
            }
        }
    }

    /// The id of the topic that a table is loaded from; empty before its first load.
    public static Optional<TopicId> pinnedTopic(Table table, String topic) {
        return Optional.ofNullable(table.properties().get(TOPIC_ID + topic)).map(TopicId::new);
    }

    private Optional<Table> load(TableIdentifier name) {
        return catalog.catalog().tableExists(name)
                ? Optional.of(catalog.catalog().loadTable(name))
                : Optional.empty();
    }

    private TableChange planEnriched(Contract contract) {
        TableIdentifier name = catalog.enriched(contract);
        List<String> problems = LakeSchema.problems(contract);
        if (!problems.isEmpty()) {
            return new TableChange.Refused(name, problems, "rename the fields in the contract");
        }
        Optional<Table> table = load(name);
        if (table.isPresent()) {
            return compare(table.get(), name, contract);
        }
        Schema schema = LakeSchema.of(contract);
        return new TableChange.Create(
                name,
                contract.version().toString(),
                schema,
                LakeSchema.spec(schema, LakeColumns.TIME, contract.lake().partitioning()),
                LakeSchema.sortOrder(contract, schema));
    }

    private TableChange planDead(Contract contract) {
        TableIdentifier name = catalog.dead(contract);
        if (catalog.catalog().tableExists(name)) {
            return new TableChange.Keep(name);
        }
        Schema schema = DeadColumns.SCHEMA;
        return new TableChange.Create(
                name,
                contract.version().toString(),
                schema,
                LakeSchema.spec(schema, LakeColumns.APPENDED, Contract.TimePartitioning.DAY),
                SortOrder.unsorted());
    }

    private static TableChange compare(Table table, TableIdentifier name, Contract contract) {
        Evolution evolution = Evolution.of(table.schema().asStruct(), contract);
        List<String> problems = new ArrayList<>(evolution.problems());
        PartitionSpec wanted =
                LakeSchema.spec(table.schema(), LakeColumns.TIME, contract.lake().partitioning());
        if (!table.spec().compatibleWith(wanted)) {
            problems.add(
                    "the table is partitioned by "
                            + table.spec().fields()
                            + ", the contract wants "
                            + wanted.fields());
        }
        if (!problems.isEmpty()) {
            return new TableChange.Refused(name, problems, Evolution.REMEDY);
        }
        List<TableChange.Step> steps = new ArrayList<>(evolution.steps());
        List<String> sorted = columns(table.sortOrder(), table.schema());
        List<String> sortBy = columns(contract);
        if (!sorted.equals(former(sortBy, evolution.steps()))) {
            steps.add(new TableChange.Step.SortBy(sortBy));
        }
        return steps.isEmpty()
                ? new TableChange.Keep(name)
                : new TableChange.Evolve(name, contract.version().toString(), steps);
    }

    private static List<String> columns(Contract contract) {
        Schema schema = LakeSchema.of(contract);
        return columns(LakeSchema.sortOrder(contract, schema), schema);
    }

    private static List<String> columns(SortOrder order, Schema schema) {
        return order.fields().stream().map(f -> schema.findColumnName(f.sourceId())).toList();
    }

    /// The sort columns under the names that they have before the renames.
    private static List<String> former(List<String> columns, List<TableChange.Step> steps) {
        List<String> former = new ArrayList<>(columns);
        for (TableChange.Step step : steps) {
            if (step instanceof TableChange.Step.Rename(String column, String name)) {
                former.replaceAll(c -> c.equals(name) ? column : c);
            }
        }
        return former;
    }

    private void create(TableChange.Create create) {
        Map<String, String> properties = new HashMap<>(defaults());
        properties.put(CONTRACT_VERSION, create.version());
        try {
            catalog.catalog()
                    .buildTable(create.table(), create.schema())
                    .withPartitionSpec(create.spec())
                    .withSortOrder(create.order())
                    .withProperties(properties)
                    .create();
            LOG.atInfo().addKeyValue("table", create.table()).log("Made a lake table");
        } catch (AlreadyExistsException e) {
            LOG.atDebug().setCause(e).addKeyValue("table", create.table()).log("Table was there");
        }
    }

    private void evolve(TableChange.Evolve evolve) {
        Table table = catalog.catalog().loadTable(evolve.table());
        Transaction transaction = table.newTransaction();
        UpdateSchema schema = transaction.updateSchema();
        for (TableChange.Step step : evolve.steps()) {
            alter(schema, step);
        }
        schema.commit();
        for (TableChange.Step step : evolve.steps()) {
            if (step instanceof TableChange.Step.SortBy(List<String> columns)) {
                ReplaceSortOrder order = transaction.replaceSortOrder();
                columns.forEach(column -> order.asc(column, NullOrder.NULLS_FIRST));
                order.commit();
            }
        }
        transaction.updateProperties().set(CONTRACT_VERSION, evolve.version()).commit();
        transaction.commitTransaction();
        LOG.atInfo()
                .addKeyValue("table", evolve.table())
                .addKeyValue("steps", evolve.steps())
                .log("Altered a lake table");
    }

    private static void alter(UpdateSchema schema, TableChange.Step step) {
        switch (step) {
            case TableChange.Step.Add add when add.parent().isEmpty() ->
                    schema.addColumn(null, add.name(), add.type(), add.description())
                            .moveBefore(add.name(), LakeColumns.ID);
            case TableChange.Step.Add add ->
                    schema.addColumn(add.parent(), add.name(), add.type(), add.description());
            case TableChange.Step.Rename(String column, String name) ->
                    schema.renameColumn(column, name);
            case TableChange.Step.Widen(String column, Type.PrimitiveType type) ->
                    schema.updateColumn(column, type);
            case TableChange.Step.Relax(String column) -> schema.makeColumnOptional(column);
            case TableChange.Step.SortBy _ -> {}
        }
    }

    /// Properties of a new table; an operator may change them afterwards.
    private static Map<String, String> defaults() {
        return Map.of(
                TableProperties.FORMAT_VERSION, "2",
                TableProperties.PARQUET_COMPRESSION, "zstd",
                TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES, Long.toString(16L << 20),
                TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true",
                TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "20",
                TableProperties.COMMIT_NUM_RETRIES, "20",
                TableProperties.COMMIT_MIN_RETRY_WAIT_MS, "20",
                TableProperties.COMMIT_MAX_RETRY_WAIT_MS, "1000",
                TableProperties.MIN_SNAPSHOTS_TO_KEEP, "100");
    }
}
