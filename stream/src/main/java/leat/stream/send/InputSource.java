package leat.stream.send;

import java.io.InputStream;
import java.nio.file.Path;

/// Where rows come from.
public sealed interface InputSource {

    /// What messages call it.
    String name();

    /// A file, plain or compressed with gzip or zstd. Sending it again is safe, and continues where
    /// it stopped.
    record File(Path path) implements InputSource {
        @Override
        public String name() {
            return path.toString();
        }
    }

    /// A stream that can be read once, e.g. standard input. The sender closes it.
    record Stream(String name, InputStream content) implements InputSource {}
}
