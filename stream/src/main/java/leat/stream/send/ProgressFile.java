package leat.stream.send;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import leat.core.contract.ContractName;
import leat.core.event.Hash128;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// How far one file has been sent to one contract of one collector: the rows from the first on that
/// have been answered for, without a gap. It exists while a file is unfinished only.
///
/// A lost or stale file costs rows sent twice under the same ids, never a row.
final class ProgressFile {

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final int VERSION = 1;

    /// @param rows the next row to send
    record State(long rows, long accepted, long dead, long refused) {
        static final State START = new State(0, 0, 0, 0);
    }

    private final Path path;
    private final String format;

    private ProgressFile(Path path, String format) {
        this.path = path;
        this.format = format;
    }

    /// @param format how the file is read; another format numbers rows otherwise
    static ProgressFile of(
            Path folder, String key, ContractName contract, URI collector, String format) {
        String target = Hash128.of(collector.toString()).toString().substring(0, 8);
        return new ProgressFile(
                folder.resolve(key + "-" + contract + "-" + target + ".json"), format);
    }

    /// The state an interrupted run left; the start when there is none that can be used.
    State read() {
        byte[] bytes;
        try {
            bytes = Files.exists(path) ? Files.readAllBytes(path) : null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
        State state = bytes == null ? null : parse(bytes);
        return state == null ? State.START : state;
    }

    private @Nullable State parse(byte[] bytes) {
        JsonNode root;
        try {
            root = MAPPER.readTree(bytes);
        } catch (JacksonException e) {
            // torn or foreign: starting again is always right, the ids are the same
            return null;
        }
        if (root.path("version").asInt(0) != VERSION
                || !root.path("format").asString("").equals(format)) {
            return null;
        }
        return new State(
                root.path("rows").asLong(0),
                root.path("accepted").asLong(0),
                root.path("dead").asLong(0),
                root.path("refused").asLong(0));
    }

    /// Replaces the state, on disk when this returns.
    void write(State state) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("version", VERSION);
        root.put("format", format);
        root.put("rows", state.rows());
        root.put("accepted", state.accepted());
        root.put("dead", state.dead());
        root.put("refused", state.refused());
        Path next = path.resolveSibling(path.getFileName() + ".next");
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            try (FileChannel channel =
                    FileChannel.open(
                            next,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(MAPPER.writeValueAsBytes(root));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the progress in " + path, e);
        }
    }

    /// The file is done: sending it again starts at its first row.
    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + path, e);
        }
    }
}
