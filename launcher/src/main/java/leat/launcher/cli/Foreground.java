package leat.launcher.cli;

import leat.launcher.Platform;
import leat.launcher.config.Workspace;

/// A platform in the foreground: started, announced, and stopped in order when it is asked to.
final class Foreground {

    private Foreground() {}

    /// Runs until the request, and stops the platform in order.
    ///
    /// @throws leat.launcher.RoleEnded when the platform cannot go on by itself
    static int run(
            Workspace workspace, Platform.Options options, Output output, StopRequest request) {
        try (Platform platform = Platform.start(workspace, options)) {
            request.await(platform::stop);
            announce(platform, output);
            platform.awaitEnd();
        }
        return request.exitCode();
    }

    private static void announce(Platform platform, Output output) {
        if (output.json()) {
            output.printJson(platform.addresses());
            return;
        }
        platform.addresses()
                .forEach((role, address) ->
                        output.println(String.format("%-12s %s", role, address)));
        output.println("Ready. Ctrl-C stops.");
    }
}
