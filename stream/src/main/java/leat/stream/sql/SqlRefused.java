package leat.stream.sql;

import org.jspecify.annotations.Nullable;

/// A query was not answered. The message says what is wrong and where; the remedy what would be
/// right.
public final class SqlRefused extends RuntimeException {

    /// Why, as a word of the user's surface.
    public enum Code {
        /// The text is not SQL, or does not fit the tables.
        INVALID("invalid-sql"),
        /// The query is SQL, but asks for what is locked.
        NOT_ALLOWED("not-allowed"),
        UNKNOWN_TABLE("unknown-table"),
        TIME_LIMIT("time-limit"),
        MEMORY_LIMIT("memory-limit"),
        /// Too many queries at once.
        BUSY("busy"),
        /// The table cannot be read exactly as it is.
        UNREADABLE("unreadable-table");

        private final String word;

        Code(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    private final Code code;
    private final String remedy;

    SqlRefused(Code code, String message, String remedy, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.remedy = remedy;
    }

    SqlRefused(Code code, String message, String remedy) {
        this(code, message, remedy, null);
    }

    public Code code() {
        return code;
    }

    public String remedy() {
        return remedy;
    }
}
