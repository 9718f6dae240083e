package leat.launcher.cli;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import leat.core.contract.Contract;
import leat.launcher.UserError;
import leat.launcher.WorkspaceLog;
import leat.launcher.config.Workspace;
import leat.stream.extract.ExtractionHealth;
import leat.stream.extract.ExtractionMetrics;
import leat.stream.extract.Extractor;
import leat.stream.send.ClientAccess;
import leat.stream.send.RowDelivery.Outcome;

/// `leat send --follow`: files followed until a signal, or until the collector refuses them.
record FollowRun(Workspace workspace, int portOffset, Output output) {

    private static final long SHOW_MILLIS = 250;

    /// What is followed.
    ///
    /// @param source tells files of several machines apart; empty for the host's name
    record Files(Contract contract, Optional<String> source, List<Path> paths) {
        Files {
            paths = List.copyOf(paths);
        }
    }

    /// What was sent, for `--json`.
    record Followed(long accepted, long dead, long refused) {}

    /// @throws UserError when a file cannot be followed any longer
    int run(Files files, URI collector, Supplier<ClientAccess> access) throws InterruptedException {
        Extractor.Place place =
                new Extractor.Place(
                        WorkspaceLog.answering(workspace, portOffset),
                        workspace.names(),
                        collector,
                        access,
                        workspace.folder(),
                        new ExtractionMetrics(PrometheusRegistry.defaultRegistry));
        for (Path file : files.paths()) {
            if (!java.nio.file.Files.exists(file)) {
                output.err().println("leat: " + file + " is not there yet, waiting for it.");
            }
        }
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    asked.countDown();
                                    awaitQuietly(ended);
                                },
                                "leat-send-stop"));
        try {
            Extractor extractor =
                    Extractor.following(
                            place,
                            files.contract(),
                            files.source().orElseGet(FollowRun::host),
                            files.paths());
            try (extractor) {
                follow(extractor, asked);
            }
            report(extractor);
            return ExitCode.DONE;
        } finally {
            ended.countDown();
        }
    }

    private void follow(Extractor extractor, CountDownLatch asked) throws InterruptedException {
        try (ProgressLine line = new ProgressLine(output.err())) {
            while (!asked.await(SHOW_MILLIS, TimeUnit.MILLISECONDS)) {
                line.show(text(extractor));
                for (ExtractionHealth health : extractor.health().values()) {
                    if (health instanceof ExtractionHealth.Stopped(String why)) {
                        throw new UserError(
                                why, "mend it, then run the same command again: it goes on");
                    }
                }
            }
            line.clear();
        }
    }

    private static String text(Extractor extractor) {
        Followed sum = sum(extractor);
        String text =
                String.format(
                        Locale.ROOT,
                        "%,d accepted, %,d dead, %,d refused",
                        sum.accepted(),
                        sum.dead(),
                        sum.refused());
        return extractor.health().values().stream()
                .filter(ExtractionHealth.Retrying.class::isInstance)
                .map(health -> text + "; " + ((ExtractionHealth.Retrying) health).why())
                .findFirst()
                .orElse(text);
    }

    private static Followed sum(Extractor extractor) {
        long accepted = 0;
        long dead = 0;
        long refused = 0;
        for (Outcome outcome : extractor.delivered().values()) {
            accepted += outcome.accepted();
            dead += outcome.dead();
            refused += outcome.refused();
        }
        return new Followed(accepted, dead, refused);
    }

    private void report(Extractor extractor) {
        if (output.json()) {
            output.printJson(sum(extractor));
        } else {
            output.println("Followed: " + text(extractor));
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            throw new UserError(
                    "this machine does not know its name: " + e.getMessage(),
                    "name it with --source NAME");
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
