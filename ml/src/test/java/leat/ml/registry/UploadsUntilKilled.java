package leat.ml.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Random;
import leat.core.artifact.ArtifactPath;
import leat.core.event.Names;
import leat.ml.featurestore.UntilKilled;
import leat.stream.log.LogConnection;

/// A process that uploads file after file, and in between replaces one of them, and writes down
/// which ones it was told are done.
final class UploadsUntilKilled {

    /// Some chunks each.
    private static final int BYTES = 2_500_000;

    static final ArtifactPath REPLACED = new ArtifactPath("0/replaced");

    private UploadsUntilKilled() {}

    static ArtifactPath path(int number) {
        return new ArtifactPath("0/files/" + number);
    }

    /// The bytes of a file, which its number tells.
    static byte[] content(int number) {
        byte[] bytes = new byte[BYTES + number];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    /// Never returns.
    ///
    /// @param args the broker, the prefix, the file of what is done, and the first number
    public static void main(String[] args) throws IOException {
        Path done = Path.of(args[2]);
        try (ArtifactLog artifacts =
                new ArtifactLog(
                        new LogConnection(args[0]),
                        new Names(args[1]),
                        done.resolveSibling("uploads"),
                        InstantSource.system())) {
            for (int number = Integer.parseInt(args[3]); ; number++) {
                artifacts.put(path(number), new ByteArrayInputStream(content(number)));
                artifacts.put(REPLACED, new ByteArrayInputStream(content(number)));
                Files.writeString(
                        done,
                        number + "\n",
                        UTF_8,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            }
        }
    }

    /// @param failPoint that it halts at; empty for none
    static Process start(String failPoint, Names names, Path done, int first) throws IOException {
        return UntilKilled.start(UploadsUntilKilled.class, failPoint, names, done, first);
    }
}
