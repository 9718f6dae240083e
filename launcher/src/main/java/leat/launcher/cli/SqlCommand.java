package leat.launcher.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import leat.launcher.config.Workspace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `leat sql QUERY`: asks the running platform.
@Command(
        name = "sql",
        description =
                "Query the events of a running platform: lake files and the log's tail as one.",
        mixinStandardHelpOptions = true)
final class SqlCommand implements Runnable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PATH = "/api/v1/sql";

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();
    @Mixin private ClientAccessOption client = new ClientAccessOption();

    @Parameters(paramLabel = "QUERY", description = "One SELECT, SHOW TABLES or DESCRIBE.")
    private String query = "";

    @Option(names = "--csv", description = "Print CSV.")
    private boolean csv;

    @Override
    public void run() {
        Workspace opened = workspace.open();
        URI address = opened.ports(ports.offset()).consoleAddress();
        ConsoleClient console = new ConsoleClient(address, client.access(address));
        String accept = csv ? "text/csv" : "application/json";
        try (InputStream answer = console.post(PATH, "text/plain", accept, query)) {
            if (csv || output.json()) {
                answer.transferTo(System.out);
                System.out.flush();
                return;
            }
            print(JSON.readTree(answer));
        } catch (IOException e) {
            throw new UncheckedIOException("the answer broke off", e);
        }
    }

    private void print(JsonNode answer) {
        List<String> header = new ArrayList<>();
        answer.path("columns").forEach(column -> header.add(column.path("name").asString()));
        TextTable table = new TextTable(header);
        for (JsonNode row : answer.path("rows")) {
            List<String> cells = new ArrayList<>();
            row.forEach(cell -> cells.add(text(cell)));
            table.row(cells);
        }
        int width = ProgressLine.tableWidth();
        table.lines(width).forEach(output::println);
        int rows = answer.path("rows").size();
        int hidden = table.hiddenColumns(width);
        output.err()
                .println(
                        String.format(
                                Locale.ROOT,
                                "%d row%s in %.0f ms%s%s",
                                rows,
                                rows == 1 ? "" : "s",
                                answer.path("elapsedMillis").asDouble(0),
                                answer.path("truncated").asBoolean(false)
                                        ? ", cut at the row limit"
                                        : "",
                                hidden == 0
                                        ? ""
                                        : "; columns without room: "
                                                + hidden
                                                + " (name fewer, or --csv)"));
    }

    private static String text(JsonNode cell) {
        if (cell.isNull()) {
            return "";
        }
        return cell.isValueNode() ? cell.asString() : cell.toString();
    }
}
