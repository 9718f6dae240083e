package leat.stream.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.io.SupportsPrefixOperations;

/// Iceberg's file access on the local file system, without Hadoop. Locations are `file:///…` or
/// absolute paths. A written file is forced to disk when it is closed, since the catalogue will
/// point to it.
public final class LocalFiles implements SupportsPrefixOperations {

    private static final int WRITE_BUFFER_BYTES = 64 << 10;

    /// The path behind a location.
    ///
    /// @throws IllegalArgumentException when it is not on the local file system
    public static Path path(String location) {
        String path = location;
        if (location.startsWith("file:")) {
            path = location.substring("file:".length());
            if (path.startsWith("//")) {
                path = path.substring(2);
            }
        }
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException(
                    "'"
                            + location
                            + "' is not an absolute local location such as file:///data/lake");
        }
        return Path.of(path);
    }

    @Override
    public InputFile newInputFile(String location) {
        return new Input(location);
    }

    @Override
    public OutputFile newOutputFile(String location) {
        return new Output(location);
    }

    @Override
    public void deleteFile(String location) {
        try {
            Files.deleteIfExists(path(location));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + location, e);
        }
    }

    /// The files under a folder, with their locations written as the prefix is.
    @Override
    public Iterable<FileInfo> listPrefix(String prefix) {
        Path folder = path(prefix);
        String base = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        Listing listing = new Listing(folder, base);
        try {
            Files.walkFileTree(folder, listing);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + prefix, e);
        }
        return listing.found;
    }

    /// Passes over what vanishes while it is listed: commits remove old metadata at any time.
    private static final class Listing extends SimpleFileVisitor<Path> {
        private final Path folder;
        private final String base;
        private final List<FileInfo> found = new ArrayList<>();

        Listing(Path folder, String base) {
            this.folder = folder;
            this.base = base;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
                found.add(
                        new FileInfo(
                                base + "/" + folder.relativize(file),
                                attributes.size(),
                                attributes.lastModifiedTime().toMillis()));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
            if (why instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw why;
        }
    }

    @Override
    public void deletePrefix(String prefix) {
        for (FileInfo file : listPrefix(prefix)) {
            deleteFile(file.location());
        }
    }

    private record Input(String location) implements InputFile {

        @Override
        public long getLength() {
            try {
                return Files.size(path(location));
            } catch (NoSuchFileException e) {
                throw new NotFoundException(e, "no file %s", location);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot look at " + location, e);
            }
        }

        @Override
        public SeekableInputStream newStream() {
            try {
                return new Reader(FileChannel.open(path(location), StandardOpenOption.READ));
            } catch (NoSuchFileException e) {
                throw new NotFoundException(e, "no file %s", location);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot open " + location, e);
            }
        }

        @Override
        public boolean exists() {
            return Files.exists(path(location));
        }
    }

    private record Output(String location) implements OutputFile {

        @Override
        public PositionOutputStream create() {
            if (Files.exists(path(location))) {
                throw new AlreadyExistsException("%s is already there", location);
            }
            return open(Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        }

        @Override
        public PositionOutputStream createOrOverwrite() {
            return open(
                    Set.of(
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE));
        }

        private PositionOutputStream open(Set<StandardOpenOption> options) {
            Path path = path(location);
            try {
                Files.createDirectories(path.getParent());
                return new Writer(FileChannel.open(path, options));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot create " + location, e);
            }
        }

        @Override
        public InputFile toInputFile() {
            return new Input(location);
        }
    }

    private static final class Reader extends SeekableInputStream {

        private final FileChannel channel;

        Reader(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public long getPos() throws IOException {
            return channel.position();
        }

        @Override
        public void seek(long position) throws IOException {
            channel.position(position);
        }

        @Override
        public int read() throws IOException {
            ByteBuffer one = ByteBuffer.allocate(1);
            return channel.read(one) < 0 ? -1 : one.get(0) & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return length == 0 ? 0 : channel.read(ByteBuffer.wrap(bytes, offset, length));
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static final class Writer extends PositionOutputStream {

        private final FileChannel channel;
        private final java.io.OutputStream buffered;
        private long position;

        Writer(FileChannel channel) {
            this.channel = channel;
            this.buffered =
                    new java.io.BufferedOutputStream(
                            Channels.newOutputStream(channel), WRITE_BUFFER_BYTES);
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int value) throws IOException {
            buffered.write(value);
            position++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            buffered.write(bytes, offset, length);
            position += length;
        }

        @Override
        public void flush() throws IOException {
            buffered.flush();
        }

        @Override
        public void close() throws IOException {
            if (!channel.isOpen()) {
                return;
            }
            try (channel) {
                buffered.flush();
                channel.force(true);
            }
        }
    }
}
