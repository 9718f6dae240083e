package leat.launcher.cli;

import java.util.concurrent.Callable;
import leat.launcher.Platform;
import leat.launcher.Role;
import leat.launcher.config.Workspace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `leat up`: the whole platform in this process, until it is told to stop.
@Command(
        name = "up",
        description = "Run the whole platform of a workspace until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private InstanceOption instance = new InstanceOption();
    @Mixin private Output output = new Output();

    @Override
    public Integer call() {
        Workspace opened = workspace.open();
        Platform.Options options =
                new Platform.Options(Role.together(opened), instance.instance(), ports.offset());
        return Foreground.run(opened, options, output, new StopRequest());
    }
}
