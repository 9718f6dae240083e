package leat.stream.send;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import leat.core.contract.Contract;
import org.jspecify.annotations.Nullable;

/// An input's bytes, decompressed. gzip and zstd are known by their first bytes, whatever the name
/// says.
final class Content implements AutoCloseable {

    private static final int PEEK_BYTES = 1 << 16;

    private final String name;
    private final long sizeBytes;
    private final CountedStream raw;
    private final BufferedInputStream plain;
    private final boolean compressed;
    private final @Nullable Path file;
    private final byte[] start;
    private @Nullable Path spooled;

    /// Counts what was taken of the raw input, for the progress.
    private static final class CountedStream extends FilterInputStream {
        private final AtomicLong count = new AtomicLong();

        CountedStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count.addAndGet(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count.addAndGet(Math.max(0, read));
            return read;
        }
    }

    private Content(String name, InputStream in, @Nullable Path file, long sizeBytes)
            throws IOException {
        this.name = name;
        this.file = file;
        this.sizeBytes = sizeBytes;
        this.raw = new CountedStream(in);
        BufferedInputStream buffered = new BufferedInputStream(raw, PEEK_BYTES);
        byte[] magic = peek(buffered, 4);
        this.compressed = isGzip(magic) || isZstd(magic);
        this.plain =
                isGzip(magic)
                        ? new BufferedInputStream(
                                new GZIPInputStream(buffered, PEEK_BYTES), PEEK_BYTES)
                        : isZstd(magic)
                                ? new BufferedInputStream(new ZstdInputStream(buffered), PEEK_BYTES)
                                : buffered;
        skipByteOrderMark();
        this.start = peekLine(plain);
    }

    static Content open(InputSource source) throws IOException {
        return switch (source) {
            case InputSource.File(Path path) -> {
                if (!Files.isRegularFile(path)) {
                    throw new SendException.UnreadableInput(
                            "there is no file "
                                    + path
                                    + " (from "
                                    + Path.of("").toAbsolutePath()
                                    + ")");
                }
                InputStream in = Files.newInputStream(path);
                try {
                    yield new Content(source.name(), in, path, Files.size(path));
                } catch (IOException | RuntimeException e) {
                    in.close();
                    throw e;
                }
            }
            case InputSource.Stream(String name, InputStream in) -> new Content(name, in, null, -1);
        };
    }

    /// The SHA-256 of a file's content, decompressed, in hexadecimal: a file has the same hash
    /// however it is compressed.
    static String hash(Path path) throws IOException {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        try (Content content = open(new InputSource.File(path));
                DigestInputStream in = new DigestInputStream(content.plain, sha256)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    /// Reads the rows in the given format, else in that of the name, else in the one it looks like.
    RowReader rows(Optional<Format> wanted, Contract contract) throws IOException {
        if (start.length == 0) {
            throw new SendException.UnreadableInput(name + " is empty");
        }
        Format format =
                wanted.or(() -> file == null ? Optional.empty() : Format.ofName(name))
                        .orElseGet(() -> Format.ofContent(start, start.length));
        if (format != Format.PARQUET && Format.ofContent(start, start.length) == Format.PARQUET) {
            throw new SendException.UnreadableInput(
                    name + " is Parquet, not " + format.word() + "; send it with --format parquet");
        }
        return switch (format) {
            case CSV ->
                    new CsvRows(plain, CsvRows.separatorOf(start, start.length), contract, name);
            case TSV -> new CsvRows(plain, '\t', contract, name);
            case JSONL -> new LineRows(plain);
            case JSON -> new JsonRows(plain, name);
            case PARQUET -> new ParquetRows(seekable(), contract, name);
        };
    }

    /// Parquet is read from its end: what is no plain file is written to one first.
    private Path seekable() throws IOException {
        if (file != null && !compressed) {
            return file;
        }
        Path copy = Files.createTempFile("leat-send-", ".parquet");
        spooled = copy;
        Files.copy(plain, copy, StandardCopyOption.REPLACE_EXISTING);
        return copy;
    }

    /// How much of the input has been read, 0 to 1; negative when its size is not known.
    double shareRead() {
        return sizeBytes <= 0 ? -1 : Math.min(1, (double) raw.count.get() / sizeBytes);
    }

    @Override
    public void close() throws IOException {
        Path copy = spooled;
        try (plain) {
            if (copy != null) {
                Files.deleteIfExists(copy);
            }
        }
    }

    private void skipByteOrderMark() throws IOException {
        byte[] mark = peek(plain, 3);
        if (mark.length >= 2 && (mark[0] & mark[1] & 0xFF) == 0xFE && mark[0] != mark[1]) {
            throw new SendException.UnreadableInput(
                    name + " is UTF-16. Convert it, e.g. iconv -f UTF-16 -t UTF-8");
        }
        if (mark.length == 3
                && mark[0] == (byte) 0xEF
                && mark[1] == (byte) 0xBB
                && mark[2] == (byte) 0xBF) {
            plain.skipNBytes(3);
        }
    }

    private static byte[] peek(BufferedInputStream in, int limit) throws IOException {
        in.mark(limit);
        byte[] start = in.readNBytes(limit);
        in.reset();
        return start;
    }

    /// The first line, or the first bytes when there is none within the limit. Takes no more than
    /// is there, so that a slow pipe is read as it comes.
    private static byte[] peekLine(BufferedInputStream in) throws IOException {
        in.mark(PEEK_BYTES);
        byte[] start = new byte[PEEK_BYTES];
        int length = 0;
        boolean line = false;
        while (!line && length < PEEK_BYTES) {
            int read = in.read(start, length, Math.min(PEEK_BYTES - length, 4096));
            if (read < 0) {
                break;
            }
            for (int at = length; at < length + read; at++) {
                line |= start[at] == '\n';
            }
            length += read;
        }
        in.reset();
        return Arrays.copyOf(start, length);
    }

    private static boolean isGzip(byte[] magic) {
        return magic.length >= 2 && magic[0] == 0x1F && magic[1] == (byte) 0x8B;
    }

    private static boolean isZstd(byte[] magic) {
        return magic.length == 4
                && magic[0] == 0x28
                && magic[1] == (byte) 0xB5
                && magic[2] == 0x2F
                && magic[3] == (byte) 0xFD;
    }
}
