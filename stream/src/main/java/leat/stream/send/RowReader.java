package leat.stream.send;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads the rows of one input one after the other, never the whole.
interface RowReader extends Closeable {

    /// Above this a row is not sent: the collector takes 10 MiB a request, and 1 MiB an event.
    int MAX_ROW_BYTES = 8 << 20;

    /// The next row; null at the end.
    ///
    /// @throws SendException.UnreadableInput when the input cannot be read from here on
    @Nullable SourceRow next() throws IOException;

    /// Whether [#next] may have to wait for the input, so that what was read should be sent first.
    default boolean mayBlock() throws IOException {
        return false;
    }

    /// How much has been read, 0 to 1; negative when the reader does not know.
    default double shareRead() {
        return -1;
    }
}
