package leat.embedded.opensearch;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// A process that starts an engine, says its process id and waits to be killed.
final class HoldsAnEngine {

    static final String CHILD = "child ";

    private HoldsAnEngine() {}

    /// Runs until it is killed.
    ///
    /// @param args the data folder and the folder of the engine's jars
    public static void main(String[] args) throws Exception {
        EmbeddedOpenSearch engine =
                EmbeddedOpenSearch.start(new NodeSettings(Path.of(args[0]), 0, Path.of(args[1])));
        engine.ready().join();
        System.out.println(CHILD + ((NodeState.Ready) engine.state()).processId());
        new CountDownLatch(1).await();
    }
}
