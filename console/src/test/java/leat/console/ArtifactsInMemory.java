package leat.console;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.artifact.Artifact;
import leat.core.artifact.ArtifactEntry;
import leat.core.artifact.ArtifactFold;
import leat.core.artifact.ArtifactPath;
import leat.ml.registry.Artifacts;
import leat.stream.log.LogUnavailable;

/// Artifacts without a log. What is named `cut` cannot be read behind its half.
final class ArtifactsInMemory implements Artifacts {

    private final ArtifactFold fold = new ArtifactFold();
    private final Map<String, byte[]> contents = new HashMap<>();

    @Override
    public synchronized void put(ArtifactPath path, InputStream content) {
        fold.checkRoom(path);
        try {
            byte[] bytes = content.readAllBytes();
            contents.put(path.text(), bytes);
            fold.apply(
                    path, Optional.of(new Artifact(path, "u", bytes.length, "", 1, 0, 0, 1_000)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized Optional<Artifact> file(ArtifactPath path) {
        return fold.file(path);
    }

    @Override
    public synchronized List<Artifact> below(ArtifactPath folder) {
        return fold.below(folder);
    }

    @Override
    public synchronized List<ArtifactEntry> list(ArtifactPath folder) {
        return fold.list(folder);
    }

    @Override
    public synchronized InputStream open(Artifact artifact) {
        byte[] bytes = contents.getOrDefault(artifact.path().text(), new byte[0]);
        return artifact.path().text().endsWith("cut")
                ? new SequenceInputStream(
                        new ByteArrayInputStream(bytes, 0, bytes.length / 2), new Away())
                : new ByteArrayInputStream(bytes);
    }

    private static final class Away extends InputStream {
        @Override
        public int read() {
            throw new LogUnavailable("no broker", null);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            return read();
        }
    }

    @Override
    public synchronized void delete(ArtifactPath path) {
        fold.apply(path, Optional.empty());
        fold.below(path).forEach(file -> fold.apply(file.path(), Optional.empty()));
    }
}
