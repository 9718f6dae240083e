package leat.launcher.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.function.Supplier;
import leat.launcher.Role;
import leat.launcher.UserError;
import org.jspecify.annotations.Nullable;

/// `.leat/` in a workspace: everything the embedded parts keep. It carries a format version, and
/// one process at a time owns it.
public record StateFolder(Path folder) {

    private static final int FORMAT = 1;
    private static final String FORMAT_FILE = "format";

    /// Makes the folder, or checks that this program understands it.
    ///
    /// @throws UserError when a newer program wrote it
    public void prepare() {
        Path file = folder.resolve(FORMAT_FILE);
        try {
            Files.createDirectories(folder);
            if (!Files.exists(file)) {
                stamp(file);
                return;
            }
            int found = Integer.parseInt(Files.readString(file).strip());
            if (found > FORMAT) {
                throw new UserError(
                        folder + " has format " + found + ", this program knows up to " + FORMAT,
                        "use the newer program, or move the folder away to start with an empty one");
            }
        } catch (NumberFormatException e) {
            throw new UserError(
                    file + " does not hold a number",
                    "write " + FORMAT + " into it if the folder is Leat's, else move it away");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
    }

    /// The file comes into being with its content: several processes may prepare the folder at
    /// once, and each may be killed.
    private void stamp(Path file) throws IOException {
        Path whole = folder.resolve(FORMAT_FILE + "-" + UUID.randomUUID() + ".new");
        try {
            Files.writeString(whole, FORMAT + "\n");
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /// Takes the folder for this process until the lock is closed or the process ends, however it
    /// ends.
    ///
    /// @throws UserError when another process has it
    public Ownership own() {
        return lock(
                folder.resolve("lock"),
                () ->
                        new UserError(
                                "another process runs on " + folder,
                                "end it first; a second platform needs a workspace and a"
                                        + " --port-offset of its own"));
    }

    /// Takes an instance's name for this process, for a role that keeps state under it.
    ///
    /// @throws UserError when another process on this folder has it
    public Ownership ownInstance(Role role, String instance) {
        return lock(
                folder.resolve("instances").resolve(role.word() + "-" + instance),
                () ->
                        new UserError(
                                "another process runs the "
                                        + role.word()
                                        + " as instance '"
                                        + instance
                                        + "' in "
                                        + folder,
                                "end it first, or give this one a name of its own with"
                                        + " --instance"));
    }

    private static Ownership lock(Path file, Supplier<UserError> taken) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            @Nullable FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw taken.get();
            }
            return new Ownership(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + file, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /// The lock on the folder.
    public static final class Ownership implements AutoCloseable {

        private final FileChannel channel;

        private Ownership(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
