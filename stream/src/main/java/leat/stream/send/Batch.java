package leat.stream.send;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// Rows of one input that go out together.
///
/// @param first the index of the first row in its input, counted from 0: with the key it makes the
///   events' ids, so that they are the same however the input is cut into batches
record Batch(long first, List<SourceRow> rows) {

    Batch {
        rows = List.copyOf(rows);
    }

    long end() {
        return first + rows.size();
    }

    /// Both halves of a batch that was too large.
    List<Batch> halves() {
        int middle = rows.size() / 2;
        return List.of(
                new Batch(first, rows.subList(0, middle)),
                new Batch(first + middle, rows.subList(middle, rows.size())));
    }

    /// The body: a row a line, compressed with gzip at its fastest.
    byte[] gzippedLines() {
        ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 16);
        try (OutputStream lines = new FastGzip(body)) {
            for (SourceRow row : rows) {
                lines.write(row.json());
                lines.write('\n');
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail to be written", e);
        }
        return body.toByteArray();
    }

    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 1 << 13);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
