package leat.launcher.cli;

import java.util.concurrent.CountDownLatch;
import leat.launcher.Platform;
import leat.launcher.config.Workspace;

/// A platform in the foreground: started, announced, and stopped in order on SIGTERM or Ctrl-C.
final class Foreground {

    private Foreground() {}

    /// Runs until a signal ends the process through the shutdown hook, after the platform has been
    /// drained.
    ///
    /// @throws leat.launcher.RoleEnded when the platform cannot go on by itself
    static int run(Workspace workspace, Platform.Options options, Output output) {
        CountDownLatch drained = new CountDownLatch(1);
        try (Platform platform = Platform.start(workspace, options)) {
            Thread hook =
                    new Thread(
                            () -> {
                                platform.stop();
                                awaitQuietly(drained);
                            },
                            "leat-shutdown");
            Runtime.getRuntime().addShutdownHook(hook);
            announce(platform, output);
            platform.awaitEnd();
            return ExitCode.DONE;
        } finally {
            drained.countDown();
        }
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

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
