package leat.stream.extract;

import java.util.Map;
import leat.stream.send.Rows;
import org.jspecify.annotations.Nullable;

/// What rows are read from. It keeps no position: it is told where to go on, and says with each
/// page where the next begins.
interface Source extends AutoCloseable {

    /// Rows in their order, and where to go on once they are in the log.
    ///
    /// @param rows null for none
    /// @param next the position behind them
    /// @param more whether there is more to read at once
    record Page(@Nullable Rows rows, Map<String, String> next, boolean more) {
        public Page {
            next = Map.copyOf(next);
        }

        /// Nothing new.
        static Page nothing(Map<String, String> position) {
            return new Page(null, position, false);
        }

        int size() {
            return rows == null ? 0 : rows.json().size();
        }
    }

    /// Reads on; the same position gives the same rows with the same ids, and maybe more.
    ///
    /// @param position empty at the very beginning
    /// @throws SourceFailed when it cannot be read now
    Page read(Map<String, String> position) throws SourceFailed;

    @Override
    void close();
}
