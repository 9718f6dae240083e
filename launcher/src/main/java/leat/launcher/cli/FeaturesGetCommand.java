package leat.launcher.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leat.launcher.config.Workspace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `leat features get`: asks the running platform.
@Command(
        name = "get",
        description = "Show the newest features of entities, as the running platform serves them.",
        mixinStandardHelpOptions = true)
final class FeaturesGetCommand implements Runnable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String VIEWS = "/api/v1/features/";
    private static final String SETS = "/api/v1/feature-sets/";

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();
    @Mixin private ClientAccessOption client = new ClientAccessOption();

    @Parameters(
            arity = "1..*",
            paramLabel = "[VIEW] ENTITY",
            description =
                    "The view, NAME or NAME.vN, unless --set is there; then whose features: values of"
                            + " the view's key, up to 1000.")
    private List<String> words = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "NAME",
            description = "The features of this feature set instead of those of a view.")
    private @Nullable String set;

    @Option(
            names = "--features",
            paramLabel = "NAME",
            split = ",",
            description = "Only these, separated by commas. Default: all.")
    private List<String> features = new ArrayList<>();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        if (set == null && words.size() < 2) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Name a view and at least one entity, or --set and at least one.");
        }
        String of = set == null ? words.getFirst() : set;
        List<String> entities = set == null ? words.subList(1, words.size()) : words;
        Workspace opened = workspace.open();
        URI address = opened.ports(ports.offset()).consoleAddress();
        ConsoleClient console = new ConsoleClient(address, client.access(address));
        Map<String, List<String>> question = new LinkedHashMap<>();
        question.put("entities", entities);
        if (!features.isEmpty()) {
            question.put("features", features);
        }
        String path = (set == null ? VIEWS : SETS) + URLEncoder.encode(of, StandardCharsets.UTF_8);
        try (InputStream answer =
                console.post(
                        path,
                        "application/json",
                        "application/json",
                        JSON.writeValueAsString(question))) {
            JsonNode json = JSON.readTree(answer);
            if (output.json()) {
                output.printJson(json);
            } else {
                print(json);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the answer broke off", e);
        }
    }

    private void print(JsonNode answer) {
        TextTable table = new TextTable("ENTITY", "FEATURE", "VALUE", "STATUS", "QUERY TIME");
        for (JsonNode entity : answer.path("entities")) {
            for (Map.Entry<String, JsonNode> feature : entity.path("values").properties()) {
                table.row(
                        entity.path("entity").asString(),
                        feature.getKey(),
                        text(feature.getValue()),
                        entity.path("statuses").path(feature.getKey()).asString("present"),
                        text(entity.path("query_time")));
            }
        }
        output.print(table);
    }

    private static String text(JsonNode value) {
        return value.isNull() ? "" : value.asString();
    }
}
