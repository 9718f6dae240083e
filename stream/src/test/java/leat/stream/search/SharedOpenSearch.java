package leat.stream.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import leat.core.file.Folders;
import leat.embedded.opensearch.EmbeddedOpenSearch;
import leat.embedded.opensearch.NodeSettings;
import leat.embedded.opensearch.NodeState;

/// The one search engine of a test run, started by the first test that asks for it.
final class SharedOpenSearch {

    private static final Path CLASS_PATH =
            Path.of("..", "search-node", "target", "lib").toAbsolutePath().normalize();

    private SharedOpenSearch() {}

    private static final class Holder {
        static final EmbeddedOpenSearch ENGINE = start();

        private static EmbeddedOpenSearch start() {
            try {
                Path folder = Files.createTempDirectory("leat-search");
                EmbeddedOpenSearch engine =
                        EmbeddedOpenSearch.start(new NodeSettings(folder, 0, CLASS_PATH));
                Runtime.getRuntime()
                        .addShutdownHook(
                                new Thread(() -> {
                                    engine.close();
                                    delete(folder);
                                }));
                return engine;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static URI url() {
        return Holder.ENGINE.ready().join();
    }

    static NodeState state() {
        return Holder.ENGINE.state();
    }

    /// Kills the process as kill -9 does.
    static void kill() {
        NodeState.Ready ready = (NodeState.Ready) state();
        ProcessHandle.of(ready.processId()).orElseThrow().destroyForcibly();
    }

    private static void delete(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
