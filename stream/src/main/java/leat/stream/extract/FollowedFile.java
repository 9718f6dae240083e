package leat.stream.extract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import leat.core.event.Hash128;
import leat.stream.send.Rows;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A file of lines that grows, and its successors under the same name, as `tail -F` follows them.
///
/// A file that was renamed is read to its end before the next one is begun: `app.log` became
/// `app.log.1`, and of several that came and went meanwhile the oldest is next, by the time at
/// which they were made. A file that was cut off begins anew.
final class FollowedFile implements Source {

    private static final Logger LOG = LoggerFactory.getLogger(FollowedFile.class);
    private static final int CHECK_BYTES = 256;

    /// How long a renamed file has to stay as it is until nobody is taken to write to it any more.
    private static final Duration SETTLED = Duration.ofSeconds(1);

    private final Path path;
    private final String name;
    private final Pattern rotated;
    private final LongSupplier nanos;
    private @Nullable Open open;
    private long grownNanos;
    private long knownSize = -1;

    /// The file that is being read.
    private record Open(String key, FileChannel channel) {}

    /// A file as it is now.
    private record Seen(Path path, String key, long created) {}

    /// @param name of the source, a part of the rows' ids
    FollowedFile(Path path, String name, LongSupplier nanos) {
        this.path = path.toAbsolutePath().normalize();
        this.name = name;
        this.nanos = nanos;
        this.rotated =
                Pattern.compile(
                        Pattern.quote(this.path.getFileName().toString())
                                + "[.-][0-9][0-9A-Za-z.-]*");
    }

    @Override
    public Page read(Map<String, String> position) throws SourceFailed {
        try {
            if (position.isEmpty()) {
                // Which file it is has to be known before the first row of it is sent.
                Optional<Seen> first = seen(path);
                return first.isEmpty() ? Page.nothing(position) : startOf(first.get());
            }
            return readFrom(FilePosition.of(position));
        } catch (IOException e) {
            throw new SourceFailed("cannot read " + path, e);
        }
    }

    private static Page startOf(Seen file) {
        return new Page(null, FilePosition.startOf(file.key(), file.created()).toMap(), true);
    }

    private Page readFrom(FilePosition at) throws IOException {
        FileChannel channel = channel(at);
        if (channel == null) {
            return gone(at);
        }
        long size = channel.size();
        if (size != knownSize) {
            knownSize = size;
            grownNanos = nanos.getAsLong();
        }
        if (size < at.bytes() || !check(channel, at.bytes()).equals(at.check())) {
            LOG.atWarn()
                    .addKeyValue("file", path)
                    .log("The file was cut off or written anew, it is read from its beginning");
            return new Page(null, at.cutOff().toMap(), true);
        }
        FileLines lines = FileLines.read(channel, at.bytes(), at.inside());
        if (lines.end() > at.bytes()) {
            return page(at, channel, lines);
        }
        return atEnd(at, channel);
    }

    private Page page(FilePosition at, FileChannel channel, FileLines lines) throws IOException {
        FilePosition next =
                new FilePosition(
                        at.key(),
                        at.created(),
                        at.generation(),
                        lines.end(),
                        at.rows() + lines.rows().size(),
                        check(channel, lines.end()),
                        lines.inside());
        Rows rows =
                lines.rows().isEmpty() ? null : new Rows.Counted(lines.rows(), key(at), at.rows());
        return new Page(rows, next.toMap(), true);
    }

    /// The same for the same file, whenever it is asked.
    private String key(FilePosition at) {
        Hash128 hash =
                Hash128.of(name, at.key(), Long.toString(at.created()), "" + at.generation());
        return hash.toString();
    }

    /// Nothing whole is left to read: is there a next file?
    private Page atEnd(FilePosition at, FileChannel channel) throws IOException {
        Optional<Seen> current = seen(path);
        if (current.isEmpty() || current.get().key().equals(at.key())) {
            return Page.nothing(at.toMap());
        }
        if (nanos.getAsLong() - grownNanos < SETTLED.toNanos()) {
            return Page.nothing(at.toMap());
        }
        byte[] last = FileLines.rest(channel, at.bytes());
        if (last.length > 0 && !at.inside()) {
            FilePosition next =
                    new FilePosition(
                            at.key(),
                            at.created(),
                            at.generation(),
                            at.bytes() + last.length,
                            at.rows() + 1,
                            check(channel, at.bytes() + last.length),
                            false);
            return new Page(
                    new Rows.Counted(List.of(last), key(at), at.rows()), next.toMap(), true);
        }
        return startOf(successor(at, current.get()));
    }

    /// The file is nowhere any more.
    private Page gone(FilePosition at) throws IOException {
        Optional<Seen> current = seen(path);
        if (current.isEmpty()) {
            return Page.nothing(at.toMap());
        }
        Seen next = successor(at, current.get());
        LOG.atError()
                .addKeyValue("file", path)
                .addKeyValue("bytes", at.bytes())
                .log(
                        "The file that was read up to here is gone; what stood behind that is lost."
                                + " Going on with the next one. Keep rotated files, uncompressed, until they"
                                + " are read");
        return startOf(next);
    }

    /// Of the files that were made after this one the oldest.
    private Seen successor(FilePosition at, Seen current) throws IOException {
        Seen oldest = current;
        for (Path other : rotated()) {
            Optional<Seen> file = seen(other);
            if (file.isPresent()
                    && !file.get().key().equals(at.key())
                    && file.get().created() > at.created()
                    && file.get().created() < oldest.created()) {
                oldest = file.get();
            }
        }
        return oldest;
    }

    private List<Path> rotated() throws IOException {
        Path folder = path.getParent();
        if (folder == null) {
            return List.of();
        }
        try (Stream<Path> siblings = Files.list(folder)) {
            return siblings.filter(this::isRotated).toList();
        }
    }

    private boolean isRotated(Path other) {
        String file = other.getFileName().toString();
        return rotated.matcher(file).matches() && !file.endsWith(".gz") && !file.endsWith(".zst");
    }

    /// The file of a position, wherever it is now; null where it is gone.
    private @Nullable FileChannel channel(FilePosition at) throws IOException {
        Open known = open;
        if (known != null && known.key().equals(at.key())) {
            return known.channel();
        }
        close();
        Optional<Seen> found = find(at.key());
        if (found.isEmpty()) {
            return null;
        }
        FileChannel channel = FileChannel.open(found.get().path(), StandardOpenOption.READ);
        if (seen(found.get().path()).filter(now -> now.key().equals(at.key())).isEmpty()) {
            // Renamed in between: the next round finds it.
            channel.close();
            throw new NoSuchFileException(found.get().path().toString());
        }
        open = new Open(at.key(), channel);
        knownSize = channel.size();
        grownNanos = nanos.getAsLong();
        return channel;
    }

    private Optional<Seen> find(String key) throws IOException {
        Optional<Seen> current = seen(path).filter(file -> file.key().equals(key));
        if (current.isPresent()) {
            return current;
        }
        for (Path other : rotated()) {
            Optional<Seen> file = seen(other).filter(one -> one.key().equals(key));
            if (file.isPresent()) {
                return file;
            }
        }
        return Optional.empty();
    }

    private static Optional<Seen> seen(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Object key = attributes.fileKey();
            if (!attributes.isRegularFile() || key == null) {
                throw new IOException(
                        file + " is no plain file of a file system that tells files apart");
            }
            return Optional.of(
                    new Seen(
                            file,
                            key.toString(),
                            attributes.creationTime().to(TimeUnit.NANOSECONDS)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /// A hash of the last bytes before a place.
    private static String check(FileChannel channel, long end) throws IOException {
        int size = (int) Math.min(CHECK_BYTES, end);
        String text = new String(FileLines.bytes(channel, end - size, size), ISO_8859_1);
        return end == 0 ? "" : Hash128.of(text).toString();
    }

    @Override
    public void close() {
        Open known = open;
        open = null;
        if (known != null) {
            try {
                known.channel().close();
            } catch (IOException e) {
                LOG.atWarn().setCause(e).addKeyValue("file", path).log("Cannot close the file");
            }
        }
    }
}
