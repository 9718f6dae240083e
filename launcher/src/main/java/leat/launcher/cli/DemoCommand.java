package leat.launcher.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import leat.bench.mqtt.FleetFailed;
import leat.launcher.Platform;
import leat.launcher.Role;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;
import leat.launcher.demo.Demo;
import leat.launcher.demo.DemoReport;
import leat.stream.send.ClientAccess;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `leat demo`: the whole platform with events of a generator.
@Command(
        name = "demo",
        description =
                "Run the platform on the connected-car example, train its models on the past of"
                        + " simulated cars, drive these through it, show what is foretold, and count"
                        + " what arrived.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    private static final int MOST_CARS_POSTED_FOR = 10_000;

    @Option(
            names = {"-w", "--workspace"},
            paramLabel = "FOLDER",
            description = "A workspace that names a generator. Default: the connected-car example.")
    private @Nullable Path folder;

    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();
    @Mixin private ClientAccessOption client = new ClientAccessOption();

    @Option(
            names = "--cars",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many send events. Default: ${DEFAULT-VALUE}.")
    private int cars = 1_000;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Events a second, all together. Default: ${DEFAULT-VALUE}.")
    private double rate = 1_000;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "How long. Default: ${DEFAULT-VALUE}.")
    private int seconds = 60;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Another seed, another fleet. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(
            names = "--mqtt",
            description =
                    "Give each car an MQTT connection of its own, to as many collectors as the file"
                            + " limit asks for, instead of posting for all of them; with more than"
                            + " 10,000 cars that is so in any case. Models are left out then.")
    private boolean mqtt;

    @Option(
            names = "--no-models",
            description =
                    "Send no past of the cars, train nothing, and let their time pass as the clock"
                            + " does.")
    private boolean noModels;

    @Option(names = "--headless", description = "No live view, only the result.")
    private boolean headless;

    @Override
    public Integer call() {
        Workspace workspace = Workspace.open(folder());
        ClientAccess access = client.access(workspace.ports(ports.offset()).collectorAddress());
        if (workspace.config().collector().access().asksForKeys() && access.key().isEmpty()) {
            throw new UserError(
                    "the collector of this workspace asks for a key",
                    "make one with leat keys create demo --contract '*' and name it with --key-file"
                            + " or LEAT_KEY");
        }
        Platform.Options options = new Platform.Options(roles(workspace), "1", ports.offset());
        try (Platform platform = Platform.start(workspace, options);
                ProgressLine line = new ProgressLine(output.err())) {
            platform.awaitSearch();
            DemoReport report =
                    new Demo(
                                    workspace,
                                    platform,
                                    ports.offset(),
                                    access,
                                    headless
                                            ? Demo.Watching.NOBODY
                                            : new Demo.Watching(line::show, line::tell))
                            .play(size());
            line.clear();
            print(report);
            boolean complete =
                    report.enriched() + report.dead() + report.duplicates() >= report.accepted();
            return complete ? ExitCode.DONE : ExitCode.FAILED;
        } catch (FleetFailed e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    "ask for fewer cars or a lower rate, or give the machine more to do it with");
        }
    }

    private Demo.Size size() {
        return new Demo.Size(
                cars,
                rate,
                Duration.ofSeconds(seconds),
                seed,
                mqtt || cars > MOST_CARS_POSTED_FOR,
                !noModels);
    }

    /// The demo trains by itself, when it is time.
    private static Set<Role> roles(Workspace workspace) {
        Set<Role> roles = EnumSet.copyOf(Role.together(workspace));
        roles.remove(Role.TRAINER);
        return roles;
    }

    private Path folder() {
        if (folder != null) {
            return folder;
        }
        return ConnectedCarExample.folder()
                .orElseThrow(() ->
                        new UserError(
                                "the connected-car example is not here",
                                "start Leat by ./leat, or name a workspace"));
    }

    private void print(DemoReport report) {
        if (output.json()) {
            output.printJson(report);
            return;
        }
        DemoText.lines(report).forEach(output::println);
    }
}
