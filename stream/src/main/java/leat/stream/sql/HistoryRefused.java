package leat.stream.sql;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// A training set was not made. The message says what is wrong and where; the remedy what would be
/// right.
public final class HistoryRefused extends RuntimeException {

    private final String remedy;

    HistoryRefused(String message, String remedy) {
        this(message, remedy, null);
    }

    HistoryRefused(String message, String remedy, @Nullable Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /// What a failure of DuckDB means.
    ///
    /// @param what was being done
    static HistoryRefused of(String what, SQLException failure) {
        String message = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        String remedy =
                message.startsWith("Out of Memory Error")
                        ? "raise sql.memory and sql.temporary-files, or ask for fewer rows"
                        : "correct what is named";
        return new HistoryRefused(what + ": " + message, remedy, failure);
    }

    public String remedy() {
        return remedy;
    }
}
