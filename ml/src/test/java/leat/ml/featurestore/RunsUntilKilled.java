package leat.ml.featurestore;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import leat.core.event.Names;
import leat.stream.log.LogConnection;

/// A process with an instance of the feature store. A signal that can be caught closes it in order.
final class RunsUntilKilled {

    private static final String CHAIN = "CHAIN";
    private static final String COPIES = "COPIES";

    private RunsUntilKilled() {}

    /// Never returns.
    ///
    /// @param args the broker, the prefix, the instance, the folder, and one of [DrivingVersions]
    ///   or `CHAIN` with its version, `COPIES` with how many copies of the state others keep, for
    ///   the view of cars, or none for the views of [Driving]
    public static void main(String[] args) throws InterruptedException {
        FeatureStore store =
                FeatureStore.start(
                        new FeatureStore.Place(
                                new LogConnection(args[0]),
                                new Names(args[1]),
                                args[2],
                                Path.of(args[3]),
                                1),
                        settings(
                                args.length > 4 && args[4].equals(COPIES)
                                        ? Integer.parseInt(args[5])
                                        : FeatureStoreSettings.DEFAULT.standbyReplicas()),
                        args.length == 4
                                ? List.of(Driving.FLOW, Driving.ROADS)
                                : flows(args[4], Integer.parseInt(args[5])),
                        DrivingVersions.DEFINITIONS);
        Runtime.getRuntime().addShutdownHook(new Thread(store::close));
        new CountDownLatch(1).await();
    }

    /// Commits cost most of what these processes do, and how often they are is tested elsewhere.
    private static FeatureStoreSettings settings(int copies) {
        FeatureStoreSettings like = FeatureStoreSettings.DEFAULT;
        return new FeatureStoreSettings(
                Duration.ofMillis(250),
                like.threads(),
                like.entityMemory(),
                like.storeMemory(),
                copies,
                like.online());
    }

    private static List<FeatureFlow> flows(String views, int number) {
        return switch (views) {
            case CHAIN -> DrivingChain.flows(number);
            case COPIES -> List.of(Driving.FLOW);
            default -> List.of(DrivingVersions.valueOf(views).flow(number));
        };
    }

    /// @param failPoint that it halts at; empty for none
    static Process start(String failPoint, Names names, String instance, Path folder)
            throws IOException {
        return start(failPoint, names, instance, folder, List.of());
    }

    static Process start(
            String failPoint,
            Names names,
            String instance,
            Path folder,
            DrivingVersions views,
            int version)
            throws IOException {
        return start(
                failPoint,
                names,
                instance,
                folder,
                List.of(views.name(), Integer.toString(version)));
    }

    static Process startChain(
            String failPoint, Names names, String instance, Path folder, int version)
            throws IOException {
        return start(failPoint, names, instance, folder, List.of(CHAIN, Integer.toString(version)));
    }

    /// Of the view of cars, the state of which has one copy in another instance.
    static Process startWithCopies(Names names, String instance, Path folder) throws IOException {
        return start("", names, instance, folder, List.of(COPIES, "1"));
    }

    private static Process start(
            String failPoint, Names names, String instance, Path folder, List<String> version)
            throws IOException {
        List<String> more = new ArrayList<>(List.of(instance, folder.toString()));
        more.addAll(version);
        return UntilKilled.start(
                RunsUntilKilled.class,
                UntilKilled.NATIVE,
                failPoint,
                names,
                more,
                folder.resolve("output-" + instance + ".txt"));
    }
}
