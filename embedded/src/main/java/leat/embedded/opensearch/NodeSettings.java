package leat.embedded.opensearch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How the embedded search engine is to run.
///
/// @param folder its data and what belongs to it; made when absent
/// @param port the loopback port of its HTTP interface; 0 takes a free one
/// @param heapMebibytes the child's largest heap, at least 128; its memory is about 250 MB more
/// @param classPath the folder of its jars, `search-node/target/lib` in a built tree
/// @param java the Java executable, 25 or newer
public record NodeSettings(Path folder, int port, int heapMebibytes, Path classPath, Path java) {

    private static final int DEFAULT_HEAP_MEBIBYTES = 512;
    private static final int MIN_HEAP_MEBIBYTES = 128;
    private static final String MAIN_CLASS = "leat.searchnode.SearchNode";

    /// @throws IllegalArgumentException when the port or the heap is out of range
    public NodeSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be from 0 to 65535: " + port);
        }
        if (heapMebibytes < MIN_HEAP_MEBIBYTES) {
            throw new IllegalArgumentException(
                    "the search engine needs a heap of at least " + MIN_HEAP_MEBIBYTES + " MiB");
        }
    }

    /// The default heap, on the Java that runs this process.
    public NodeSettings(Path folder, int port, Path classPath) {
        this(
                folder,
                port,
                DEFAULT_HEAP_MEBIBYTES,
                classPath,
                Path.of(System.getProperty("java.home"), "bin", "java"));
    }

    NodeSettings withPort(int chosen) {
        return new NodeSettings(folder, chosen, heapMebibytes, classPath, java);
    }

    List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.add("-Xmx" + heapMebibytes + "m");
        command.add("-XX:MaxDirectMemorySize=" + heapMebibytes / 2 + "m");
        // Without these Java 25 prints warnings about jna, netty and lucene at every start.
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        // The archive of loaded classes is written when the first process ends in order; later
        // starts take 2 s instead of 5. One that does not fit is ignored and written anew. It is
        // of the jars and not of the data: a node that is killed each time would never have one.
        command.add("-XX:+AutoCreateSharedArchive");
        command.add("-XX:SharedArchiveFile=" + classPath.resolveSibling("search-node.jsa"));
        command.add("-Xlog:disable");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-XX:-HeapDumpOnOutOfMemoryError");
        command.add("-Djava.awt.headless=true");
        command.add("-Dlog4j2.disable.jmx=true");
        command.add("-cp");
        command.add(classPath.resolve("*").toString());
        command.add(MAIN_CLASS);
        command.add(folder.toString());
        command.add(Integer.toString(port));
        return List.copyOf(command);
    }
}
