package leat.stream.collector.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import leat.core.yaml.ProblemsException;

/// Writes `keys.yaml` as a whole, so that whoever reads it sees the old keys or the new ones, and
/// so that only its owner can.
public final class KeyFileWriter {

    private KeyFileWriter() {}

    /// Changes the file: what is there is read, changed and written, while no other program that
    /// does so comes in between. A file that is not there holds no keys.
    ///
    /// @return what is in the file now
    /// @throws ProblemsException when it cannot be read
    /// @throws UncheckedIOException when it cannot be written
    public static KeyFile change(Path file, UnaryOperator<KeyFile> change) {
        Path lockFile = file.toAbsolutePath().resolveSibling("." + file.getFileName() + ".lock");
        // A lock on a file is the whole process's, so its threads need one of their own.
        synchronized (KeyFileWriter.class) {
            try {
                Files.createDirectories(lockFile.getParent());
                try (FileChannel channel =
                                FileChannel.open(
                                        lockFile,
                                        StandardOpenOption.CREATE,
                                        StandardOpenOption.WRITE);
                        FileLock _ = channel.lock()) {
                    KeyFile before =
                            Files.exists(file) ? KeyFile.read(file).orThrow() : KeyFile.EMPTY;
                    KeyFile after = change.apply(before);
                    write(file, after);
                    return after;
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot lock the file of keys " + file, e);
            }
        }
    }

    /// Takes the place of `file`.
    ///
    /// @throws UncheckedIOException when it cannot be written
    public static void write(Path file, KeyFile keys) {
        Path folder = file.toAbsolutePath().getParent();
        try {
            Files.createDirectories(folder);
            Path whole = Files.createTempFile(folder, "keys", ".new");
            try {
                if (Files.getFileStore(whole).supportsFileAttributeView("posix")) {
                    Files.setPosixFilePermissions(
                            whole, PosixFilePermissions.fromString("rw-------"));
                }
                Files.writeString(whole, yaml(keys));
                Files.move(
                        whole,
                        file,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(whole);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the file of keys " + file, e);
        }
    }

    private static String yaml(KeyFile file) {
        StringBuilder yaml = new StringBuilder();
        yaml.append("# API keys of the collector, as hashes. leat keys writes this file anew.\n");
        yaml.append("format: ").append(file.format()).append('\n');
        yaml.append(file.keys().isEmpty() ? "keys: {}\n" : "keys:\n");
        file.keys().forEach((name, grant) -> key(yaml, name, grant));
        return yaml.toString();
    }

    private static void key(StringBuilder yaml, String name, KeyGrant grant) {
        yaml.append("  ").append(quoted(name)).append(":\n");
        if (!grant.secrets().isEmpty()) {
            yaml.append("    secrets:\n");
        }
        for (KeySecret secret : grant.secrets()) {
            yaml.append("      - id: ").append(quoted(secret.id())).append('\n');
            yaml.append("        hash: ").append(quoted(secret.hash())).append('\n');
            secret.expires()
                    .ifPresent(end ->
                            yaml.append("        expires: ")
                                    .append(quoted(end.toString()))
                                    .append('\n'));
        }
        grant.certificateSubject()
                .ifPresent(subject -> line(yaml, "certificate-subject", quoted(subject)));
        if (!grant.contracts().isEmpty()) {
            line(yaml, "contracts", list(grant.contracts()));
        }
        if (!grant.doors().isEmpty()) {
            line(yaml, "doors", list(grant.doors().stream().map(DoorKind::word).toList()));
        }
        grant.eventsPerSecond().ifPresent(rate -> line(yaml, "events-per-second", rate.toString()));
        grant.bytesPerSecond().ifPresent(rate -> line(yaml, "bytes-per-second", rate.toString()));
    }

    private static void line(StringBuilder yaml, String key, String value) {
        yaml.append("    ").append(key).append(": ").append(value).append('\n');
    }

    private static String list(List<String> words) {
        return words.stream()
                .map(KeyFileWriter::quoted)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
