package leat.ml.featurestore;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.event.Names;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.featurestore.online.OnlineMetrics;
import leat.ml.featurestore.online.OnlineUnavailable;
import leat.ml.featurestore.online.OnlineView;
import leat.ml.featurestore.online.RealRedis;
import leat.ml.featurestore.online.RedisStore;
import leat.stream.log.LogConnection;

/// Whoever answers from Redis with the first version of a view, and with the second one once it has
/// taken over; here, or in a process to be killed.
final class AnswersUntilKilled implements AutoCloseable {

    private static final DrivingVersions VIEWS = DrivingVersions.CARS;

    private final RedisStore store;
    private final FeatureQueries queries;
    private final ServingWatch watch;

    AnswersUntilKilled(LogConnection log, Names names, String redis) {
        OnlineView former = OnlineView.of(names, VIEWS.flow(1).compiled());
        OnlineView later = OnlineView.of(names, VIEWS.flow(2).compiled());
        List<OnlineView> views = List.of(former, later);
        store =
                RedisStore.open(
                        new RedisStore.Place(
                                log,
                                names,
                                Optional.empty(),
                                new OnlineMetrics(new PrometheusRegistry())),
                        RealRedis.settings(redis),
                        views);
        queries = new FeatureQueries(views, store, InstantSource.system());
        watch =
                ServingWatch.start(
                        log,
                        names,
                        List.of(
                                new ServingWatch.Change(
                                        VIEWS.flow(1), VIEWS.flow(2), new Answers(later))));
    }

    FeatureQueries queries() {
        return queries;
    }

    private final class Answers implements ServingWatch.Answers {

        private final OnlineView later;

        Answers(OnlineView later) {
            this.later = later;
        }

        @Override
        public boolean hold(Map<Integer, Long> offsets) {
            try {
                return store.holds(later, offsets);
            } catch (OnlineUnavailable _) {
                return false;
            }
        }

        @Override
        public void change() {
            queries.serve(later);
        }
    }

    @Override
    public void close() {
        watch.close();
        store.close();
    }

    /// It ends when its parent does.
    ///
    /// @param arguments the broker, the prefix and the address of Redis
    public static void main(String[] arguments) throws IOException {
        try (AnswersUntilKilled _ =
                new AnswersUntilKilled(
                        new LogConnection(arguments[0]), new Names(arguments[1]), arguments[2])) {
            while (System.in.read() >= 0) {
                // Nothing is said to it.
            }
        }
    }

    static Process start(String failPoint, Names names, String redis) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dleat.failpoint=" + failPoint,
                        AnswersUntilKilled.class.getName(),
                        FeatureKafka.connection().bootstrapServers(),
                        names.prefix(),
                        redis));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(Redirect.DISCARD)
                        .redirectError(Redirect.INHERIT);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }
}
