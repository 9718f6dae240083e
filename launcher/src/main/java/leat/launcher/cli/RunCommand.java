package leat.launcher.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import leat.launcher.Platform;
import leat.launcher.Role;
import leat.launcher.config.Workspace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `leat run ROLE…`: some roles in this process, as on a cluster.
@Command(
        name = "run",
        description = "Run some roles of the platform in this process until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private InstanceOption instance = new InstanceOption();
    @Mixin private Output output = new Output();

    @Parameters(
            arity = "1..*",
            paramLabel = "ROLE",
            description =
                    "Which: kafka, opensearch (the embedded engines), collector, enricher, lake,"
                            + " search, metrics, extractor, monitor, features, scorer, trainer,"
                            + " console, enrichment-api.",
            converter = RoleWord.class)
    private List<Role> roles = List.of();

    @Option(
            names = "--vitals-port",
            paramLabel = "PORT",
            description =
                    "Serve /health/live, /health/ready and /metrics there, on the console's host; 0"
                            + " takes a free one. Default: not at all.")
    private @Nullable Integer vitalsPort;

    @Option(
            names = "--free-ports",
            description =
                    "Let the collector's doors take any free ports, so that several collectors fit"
                            + " on one machine; the output tells which.")
    private boolean freePorts;

    @Option(
            names = "--until-input-ends",
            description =
                    "Stop when standard input ends, too: with the program that holds its other end,"
                            + " however that ends.")
    private boolean untilInputEnds;

    @Override
    public Integer call() {
        StopRequest request = new StopRequest();
        if (untilInputEnds) {
            request.onEndOfInput();
        }
        Workspace opened = freePorts ? workspace.open().withFreeCollectorPorts() : workspace.open();
        Platform.Options options =
                new Platform.Options(
                        EnumSet.copyOf(roles),
                        instance.instance(),
                        ports.offset(),
                        vitalsPort == null ? OptionalInt.empty() : OptionalInt.of(vitalsPort));
        return Foreground.run(opened, options, output, request);
    }
}
