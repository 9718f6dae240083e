package leat.stream.collector.http;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import leat.core.config.DataSize;
import leat.stream.collector.http.HttpProblem.RefusedRequest;

/// How a body is packed (`Content-Encoding`).
enum ContentCoding {
    IDENTITY,
    GZIP,
    ZSTD;

    /// A frame that asks for a larger window is refused: the window is memory.
    private static final int MAX_ZSTD_WINDOW_LOG = 23;

    private static final int FIRST_BYTES = 64 << 10;

    static ContentCoding of(Optional<String> header) throws RefusedRequest {
        String word = header.orElse("identity").strip().toLowerCase(Locale.ROOT);
        return switch (word) {
            case "identity", "" -> IDENTITY;
            case "gzip", "x-gzip" -> GZIP;
            case "zstd" -> ZSTD;
            default ->
                    throw new RefusedRequest(
                            new HttpProblem(
                                    415,
                                    "unknown-encoding",
                                    "Content-Encoding '" + word + "' is not understood",
                                    "use gzip or zstd, or leave the body as it is"));
        };
    }

    /// The body as it was before it was packed, at most `limit` of it: a small body that unpacks to
    /// more is refused as soon as it does.
    byte[] unpack(byte[] packed, DataSize limit) throws RefusedRequest {
        Optional<byte[]> bytes = unpackUpTo(Math.toIntExact(limit.bytes()), packed);
        if (bytes.isEmpty()) {
            throw new RefusedRequest(
                    HttpProblem.tooLarge(
                            "the body unpacks to more than " + limit, "send smaller batches"));
        }
        return bytes.get();
    }

    /// The body as it was before it was packed; empty as soon as it is seen to be more than `most`.
    Optional<byte[]> unpackUpTo(int most, byte[] packed) throws RefusedRequest {
        if (this == IDENTITY) {
            return packed.length <= most ? Optional.of(packed) : Optional.empty();
        }
        try (InputStream in = open(packed)) {
            byte[] bytes = new byte[Math.min(most, Math.max(FIRST_BYTES, packed.length * 4))];
            int size = 0;
            while (true) {
                int read = in.read(bytes, size, bytes.length - size);
                if (read < 0) {
                    return Optional.of(size == bytes.length ? bytes : Arrays.copyOf(bytes, size));
                }
                size += read;
                if (size == bytes.length) {
                    if (size < most) {
                        bytes = Arrays.copyOf(bytes, Math.min(most, size * 2));
                    } else {
                        return in.read() < 0 ? Optional.of(bytes) : Optional.empty();
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            throw new RefusedRequest(
                    HttpProblem.badRequest(
                            "bad-encoding",
                            "the body is not readable as " + name().toLowerCase(Locale.ROOT),
                            "pack the whole body, or leave Content-Encoding away"));
        }
    }

    private InputStream open(byte[] packed) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(packed);
        return switch (this) {
            case IDENTITY -> in;
            case GZIP -> new GZIPInputStream(in, 8 << 10);
            case ZSTD -> new ZstdInputStreamNoFinalizer(in).setLongMax(MAX_ZSTD_WINDOW_LOG);
        };
    }
}
