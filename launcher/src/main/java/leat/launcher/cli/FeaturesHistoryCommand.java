package leat.launcher.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import leat.core.feature.FeatureSet;
import leat.core.feature.NamedSets;
import leat.core.validate.Validator;
import leat.launcher.UserError;
import leat.launcher.WorkspaceLake;
import leat.launcher.WorkspaceLog;
import leat.launcher.config.Workspace;
import leat.ml.featurestore.FeatureRegistry;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.TrainingTables;
import leat.stream.sql.FeatureHistory;
import leat.stream.sql.HistoryRefused;
import leat.stream.sql.HistoryReport;
import leat.stream.sql.HistoryRequest;
import leat.stream.sql.HistoryRequest.AsOf;
import leat.stream.sql.HistoryRequest.Entities;
import leat.stream.sql.HistoryRequest.ViewFeatures;
import leat.stream.sql.SqlRefused;
import leat.stream.sql.SqlSources;
import leat.stream.sql.SqlTables;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `leat features history`: makes a training set. It reads log and lake itself, so that nothing but
/// the log has to run.
@Command(
        name = "history",
        description =
                "Make a training set: to each row of an entity and a time the entity's features at"
                        + " that time, as a Parquet file or a table of the lake.",
        mixinStandardHelpOptions = true)
final class FeaturesHistoryCommand implements Runnable {

    private static final String SUFFIX = ".parquet";
    private static final Pattern QUERY =
            Pattern.compile("(?is)\\s*\\(?\\s*(select|with|from|values)\\b.*");

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();

    @Option(
            names = "--entities",
            required = true,
            paramLabel = "FILE|SQL",
            description =
                    "The rows: a file .csv, .jsonl or .parquet, or a SELECT over the tables of leat"
                            + " sql, with the columns entity and time (with its zone); all others"
                            + " are passed on.")
    private String entities = "";

    @Option(
            names = "--views",
            split = ",",
            paramLabel = "VIEW",
            description =
                    "The feature views, NAME or NAME.vN, separated by commas. One of --views and"
                            + " --set is needed.")
    private List<String> views = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "NAME",
            description =
                    "A feature set: its features, in its order and by its names, instead of --views"
                            + " and --features.")
    private @Nullable String set;

    @Option(
            names = "--features",
            split = ",",
            paramLabel = "FEATURE",
            description =
                    "Only these, NAME or VIEW:NAME, separated by commas. Default: all of the views.")
    private List<String> features = new ArrayList<>();

    @Option(
            names = "--as-of",
            defaultValue = "event",
            paramLabel = "event|served",
            description =
                    "What a row may know: event, what the events before its time say, late ones"
                            + " too; served, what was in the log by then. Default:"
                            + " ${DEFAULT-VALUE}.")
    private AsOf asOf = AsOf.EVENT;

    @Option(
            names = "--out",
            paramLabel = "FILE|FOLDER",
            description =
                    "The file to be made, NAME.parquet, or a folder that gets training-set.parquet."
                            + " One of --out and --table is needed.")
    private @Nullable Path out;

    @Option(
            names = "--table",
            paramLabel = "NAME",
            description =
                    "The table of the lake to be made, in the namespace PREFIX_training, for Trino,"
                            + " Spark and whatever else reads Iceberg.")
    private @Nullable String table;

    /// What was made, for `--json`.
    ///
    /// @param table with its namespace
    record Made(
            String file,
            Optional<String> table,
            long rows,
            List<HistoryReport.ViewRows> views,
            double seconds) {}

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        if (views.isEmpty() == (set == null)) {
            throw new ParameterException(spec.commandLine(), "Choose one of --views and --set.");
        }
        if (set != null && !features.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--features goes with --views; a set says its features.");
        }
        if ((out == null) == (table == null)) {
            throw new ParameterException(spec.commandLine(), "Choose one of --out and --table.");
        }
        print(write(WorkspaceLog.joinedWithAllServed(workspace.open(), ports.offset())));
    }

    /// What was made.
    ///
    /// @param table with its namespace, where it is one
    private record Written(HistoryReport report, Optional<String> table) {}

    private void print(Written written) {
        HistoryReport report = written.report();
        double seconds = report.elapsed().toMillis() / 1e3;
        if (output.json()) {
            output.printJson(
                    new Made(
                            report.file().toString(),
                            written.table(),
                            report.rows(),
                            report.views(),
                            seconds));
            return;
        }
        output.println(
                String.format(
                        Locale.ROOT,
                        "%s: %,d rows in %.1f s, %,.0f rows/s",
                        written.table().orElseGet(() -> report.file().toString()),
                        report.rows(),
                        seconds,
                        report.rowsPerSecond()));
        output.println(
                report.views().stream()
                        .map(view ->
                                String.format(
                                        Locale.ROOT, "%s %,d", view.view(), view.rowsWithout()))
                        .collect(Collectors.joining(", ", "rows without a vector: ", "")));
    }

    private HistoryRequest request(Workspace opened, Path file) {
        FeatureChoice choice = new FeatureChoice(opened.allViews());
        if (set == null) {
            List<ViewFeatures> chosen = choice.choose(views, features);
            return new HistoryRequest(entities(), versions(chosen, views, opened), asOf, file);
        }
        FeatureChoice.SetColumns chosen = choice.choose(set, new NamedSets(opened.sets()));
        return new HistoryRequest(
                entities(),
                versions(chosen.views(), viewNames(opened), opened),
                chosen.columns(),
                asOf,
                file);
    }

    private List<ViewFeatures> versions(
            List<ViewFeatures> chosen, List<String> named, Workspace opened) {
        return new HistoryVersions(
                        new FeatureRegistry(opened.log(ports.offset()), opened.names()).read(),
                        opened.formerViews())
                .of(chosen, named, asOf);
    }

    /// The views as the set names them, with or without a version.
    private List<String> viewNames(Workspace opened) {
        return Optional.ofNullable(set)
                .flatMap(new NamedSets(opened.sets())::find)
                .map(FeatureSet::views)
                .orElse(List.of());
    }

    private Written write(Workspace joined) {
        @Nullable Path file = out;
        @Nullable String name = table;
        try (LakeCatalog lake = WorkspaceLake.open(joined)) {
            if (name == null) {
                return new Written(
                        write(joined, lake, request(joined, file(Objects.requireNonNull(file)))),
                        Optional.empty());
            }
            TrainingTables tables = new TrainingTables(lake);
            TrainingTables.NewTable planned = tables.plan(name);
            HistoryRequest request = request(joined, planned.file());
            HistoryReport report = write(joined, lake, request);
            tables.create(name, planned, properties(request, report));
            return new Written(report, Optional.of(planned.name()));
        } catch (HistoryRefused e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        } catch (SqlRefused e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    private HistoryReport write(Workspace joined, LakeCatalog lake, HistoryRequest request) {
        SqlTables tables =
                new SqlTables(joined.names(), joined.contracts().all(), joined.vectors());
        try (ProgressLine progress = new ProgressLine(output.err())) {
            return new FeatureHistory(
                            joined.config().sql(),
                            new SqlSources(
                                    tables,
                                    lake,
                                    joined.lakeFolder(),
                                    joined.log(ports.offset()),
                                    contract -> Validator.forEnriched(contract)::validate),
                            joined.stateFolder().resolve("history"),
                            InstantSource.system())
                    .write(request, progress::show);
        }
    }

    /// What a table was made of.
    private Map<String, String> properties(HistoryRequest request, HistoryReport report) {
        Map<String, String> properties = new TreeMap<>();
        properties.put(TrainingTables.AS_OF, asOf.name().toLowerCase(Locale.ROOT));
        properties.put(
                TrainingTables.VIEWS,
                report.views().stream()
                        .map(HistoryReport.ViewRows::view)
                        .collect(Collectors.joining(",")));
        properties.put(TrainingTables.FEATURES, String.join(",", request.features()));
        if (set != null) {
            properties.put(TrainingTables.SET, set);
        }
        return properties;
    }

    private Entities entities() {
        boolean query = !Files.exists(Path.of(firstLine())) && QUERY.matcher(entities).matches();
        return query
                ? new Entities.Query(entities.strip().replaceFirst(";$", ""))
                : new Entities.InFile(Path.of(firstLine()));
    }

    /// A query may hold what no path can.
    private String firstLine() {
        return entities.lines().findFirst().orElse("").replace("\0", "");
    }

    private static Path file(Path out) {
        return out.toString().endsWith(SUFFIX) ? out : out.resolve("training-set" + SUFFIX);
    }
}
