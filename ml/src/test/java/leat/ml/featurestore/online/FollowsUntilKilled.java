package leat.ml.featurestore.online;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import leat.stream.log.LogConnection;

/// A process with a store, to be killed.
final class FollowsUntilKilled {

    private FollowsUntilKilled() {}

    /// Its arguments are the broker, the store's folder or the address of Redis, and the view's
    /// name. It ends when its parent does.
    public static void main(String[] arguments) throws IOException {
        OnlineView view = LatestLog.view(arguments[2]);
        try (OnlineStore _ =
                arguments[1].startsWith("redis:")
                        ? RealRedis.store(
                                LatestLog.mortal(arguments[0]), arguments[1], view, metrics())
                        : local(new LogConnection(arguments[0]), Path.of(arguments[1]), view)) {
            System.out.println("opened");
            while (System.in.read() >= 0) {
                // Nothing is said to it.
            }
        }
    }

    private static OnlineStore local(LogConnection log, Path folder, OnlineView view) {
        return LocalStore.open(
                new LocalStore.Place(log, folder, "child", metrics(), InstantSource.system()),
                OnlineSettings.DEFAULT,
                List.of(view));
    }

    private static OnlineMetrics metrics() {
        return new OnlineMetrics(new PrometheusRegistry());
    }

    /// @param failPoint that it halts at; empty for none
    /// @param store a folder, or the address of Redis
    static Process start(String failPoint, String broker, String store, OnlineView view)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        if (!failPoint.isEmpty()) {
            command.add("-Dleat.failpoint=" + failPoint);
        }
        command.add(FollowsUntilKilled.class.getName());
        command.addAll(List.of(broker, store, view.name().value()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }
}
