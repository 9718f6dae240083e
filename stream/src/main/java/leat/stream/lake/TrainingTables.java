package leat.stream.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import leat.core.catalog.TrainingSet;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.jdbc.UncheckedInterruptedException;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.apache.iceberg.mapping.MappingUtil;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;

/// Training sets as tables of the lake. A set is written as a file first, and is a table of that
/// one file with the commit that makes the table: it is there whole or not at all.
public final class TrainingTables {

    /// So many of them are told.
    private static final int MAX_TOLD = 1_000;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,79}");

    private final LakeCatalog catalog;

    public TrainingTables(LakeCatalog catalog) {
        this.catalog = catalog;
    }

    /// A table that is to be made.
    ///
    /// @param name as other engines call it, `leat_training.breakdown`
    /// @param file where its rows are to be written, which is not there yet
    public record NewTable(String name, Path file) {}

    /// Table property: the versions of views that its rows are from.
    public static final String VIEWS = "leat.views";

    /// Table property: the set whose features it has.
    public static final String SET = "leat.set";

    /// Table property: what its rows know, `event` or `served`.
    public static final String AS_OF = "leat.as-of";

    /// Table property: the features of its columns, `VIEW:FEATURE`.
    public static final String FEATURES = "leat.features";

    /// The tables that say what they were made of, the newest first; of more than 1,000 the first
    /// by their names.
    ///
    /// @throws LakeUnavailable when the catalogue or a table cannot be read
    public List<TrainingSet> all() {
        try {
            return tables().stream()
                    .sorted(Comparator.comparing(TableIdentifier::name))
                    .limit(MAX_TOLD)
                    .map(this::told)
                    .flatMap(Optional::stream)
                    .sorted(
                            Comparator.comparing(TrainingSet::made)
                                    .reversed()
                                    .thenComparing(TrainingSet::table))
                    .toList();
        } catch (UncheckedSQLException
                | UncheckedInterruptedException
                | UncheckedIOException
                | NotFoundException e) {
            throw new LakeUnavailable(e);
        }
    }

    /// Empty where the table is gone meanwhile, or somebody else made it.
    private Optional<TrainingSet> told(TableIdentifier name) {
        Table table;
        try {
            table = catalog.catalog().loadTable(name);
        } catch (NoSuchTableException _) {
            return Optional.empty();
        }
        Snapshot snapshot = table.currentSnapshot();
        Map<String, String> properties = table.properties();
        List<String> views = texts(properties, VIEWS);
        return snapshot == null || views.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new TrainingSet(
                                name.toString(),
                                Instant.ofEpochMilli(table.history().getFirst().timestampMillis()),
                                PropertyUtil.propertyAsLong(
                                        snapshot.summary(), SnapshotSummary.TOTAL_RECORDS_PROP, 0),
                                Optional.ofNullable(properties.get(AS_OF)),
                                Optional.ofNullable(properties.get(SET)),
                                views,
                                texts(properties, FEATURES)));
    }

    private static List<String> texts(Map<String, String> properties, String key) {
        return Stream.of(properties.getOrDefault(key, "").split(","))
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private List<TableIdentifier> tables() {
        Namespace namespace = catalog.trainingSet("any").namespace();
        return ((SupportsNamespaces) catalog.catalog()).namespaceExists(namespace)
                ? catalog.catalog().listTables(namespace)
                : List.of();
    }

    /// The tables that have rows from a version of a view, as other engines call them.
    ///
    /// @param version `NAME.vN`
    public List<String> madeOf(String version) {
        return tables().stream()
                .filter(table ->
                        texts(catalog.catalog().loadTable(table).properties(), VIEWS).stream()
                                .anyMatch(view -> isOf(view, version)))
                .map(TableIdentifier::toString)
                .sorted()
                .toList();
    }

    /// @param view `NAME.vN`, or `NAME.v1+v2` where several versions gave the rows
    static boolean isOf(String view, String version) {
        int dot = view.lastIndexOf('.');
        return dot > 0
                && Stream.of(view.substring(dot + 1).split("\\+"))
                        .anyMatch(one -> version.equals(view.substring(0, dot) + "." + one));
    }

    /// Chooses the place of a table's rows.
    ///
    /// @throws TableRefused when there is a table of that name, or there can be none
    public NewTable plan(String name) {
        TableIdentifier table = catalog.trainingSet(name);
        if (!NAME.matcher(name).matches()) {
            throw refused(
                    table,
                    "'" + name + "' cannot be a table's name",
                    "use at most 80 lower case letters, digits and underscores, a letter first");
        }
        if (catalog.catalog().tableExists(table)) {
            throw exists(table);
        }
        String file = catalog.location(table) + "/data/" + UUID.randomUUID() + ".parquet";
        return new NewTable(table.toString(), LocalFiles.path(file));
    }

    /// Makes the table of the file that was written; where it is refused the file is removed.
    ///
    /// @param properties say what it was made of
    /// @throws TableRefused when somebody made one of that name meanwhile, or a column has a type
    ///   that no table has
    public void create(String name, NewTable planned, Map<String, String> properties) {
        try {
            make(name, planned, properties);
        } catch (TableRefused e) {
            new LocalFiles().deleteFile(planned.file().toString());
            throw e;
        }
    }

    private void make(String name, NewTable planned, Map<String, String> properties) {
        TableIdentifier table = catalog.trainingSet(name);
        makeNamespace(table);
        Schema schema = schema(table, planned.file());
        Transaction making =
                catalog.catalog()
                        .buildTable(table, schema)
                        .withLocation(catalog.location(table))
                        .withProperties(properties)
                        .withProperty(TableProperties.FORMAT_VERSION, "2")
                        .createTransaction();
        Table made = making.table();
        // The file has no ids of columns, so that its columns are known by their names.
        NameMapping names = MappingUtil.create(made.schema());
        making.updateProperties()
                .set(TableProperties.DEFAULT_NAME_MAPPING, NameMappingParser.toJson(names))
                .commit();
        making.newAppend().appendFile(dataFile(made, planned.file(), names)).commit();
        try {
            making.commitTransaction();
        } catch (AlreadyExistsException _) {
            throw exists(table);
        }
    }

    private void makeNamespace(TableIdentifier table) {
        Catalog all = catalog.catalog();
        if (all instanceof SupportsNamespaces namespaces
                && !namespaces.namespaceExists(table.namespace())) {
            try {
                namespaces.createNamespace(table.namespace(), Map.of());
            } catch (AlreadyExistsException _) {
                // Somebody else was as quick.
            }
        }
    }

    private static Schema schema(TableIdentifier table, Path file) {
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            return ParquetSchemaUtil.convert(reader.getFileMetaData().getSchema());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        } catch (UnsupportedOperationException e) {
            throw refused(
                    table,
                    "a column has a type that a table cannot have (" + e.getMessage() + ")",
                    "cast it in a query of the entities, or write a file with --out");
        }
    }

    private static DataFile dataFile(Table table, Path path, NameMapping names) {
        InputFile file = table.io().newInputFile(path.toUri().toString());
        return DataFiles.builder(PartitionSpec.unpartitioned())
                .withInputFile(file)
                .withFormat(FileFormat.PARQUET)
                .withMetrics(ParquetUtil.fileMetrics(file, MetricsConfig.forTable(table), names))
                .build();
    }

    private static TableRefused exists(TableIdentifier table) {
        return refused(table, "is there already", "name another one");
    }

    private static TableRefused refused(TableIdentifier table, String problem, String remedy) {
        return new TableRefused(new TableChange.Refused(table, List.of(problem), remedy));
    }
}
