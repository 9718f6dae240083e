package leat.stream.extract;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.UUID;

/// How a column that orders rows is read, kept as text and given back to the database: as exactly
/// as the database compares it.
enum ColumnKind {
    WHOLE {
        @Override
        Object parse(String text) {
            return Long.valueOf(text);
        }

        @Override
        String text(ResultSet row, String column) throws SQLException {
            return Long.toString(row.getLong(column));
        }
    },
    DECIMAL {
        @Override
        Object parse(String text) {
            return new BigDecimal(text);
        }

        @Override
        String text(ResultSet row, String column) throws SQLException {
            return row.getBigDecimal(column).toPlainString();
        }
    },
    TEXT {
        @Override
        Object parse(String text) {
            return text;
        }

        @Override
        String text(ResultSet row, String column) throws SQLException {
            return row.getString(column);
        }
    },
    UUID_TEXT {
        @Override
        Object parse(String text) {
            return UUID.fromString(text);
        }

        @Override
        String text(ResultSet row, String column) throws SQLException {
            return row.getString(column);
        }
    },
    DATE {
        @Override
        Object parse(String text) {
            return LocalDate.parse(text);
        }

        @Override
        String text(ResultSet row, String column) throws SQLException {
            return row.getObject(column, LocalDate.class).toString();
        }
    },
    LOCAL_TIMESTAMP {
        @Override
        Object parse(String text) {
            return LocalDateTime.parse(text);
        }

        @Override
        String text(ResultSet row, String column) throws SQLException {
            return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
                    row.getObject(column, LocalDateTime.class));
        }
    },
    TIMESTAMP {
        @Override
        Object parse(String text) {
            return OffsetDateTime.parse(text);
        }

        @Override
        String text(ResultSet row, String column) throws SQLException {
            return row.getObject(column, OffsetDateTime.class)
                    .withOffsetSameInstant(ZoneOffset.UTC)
                    .toString();
        }
    };

    /// What is bound to a parameter.
    abstract Object parse(String text);

    /// The value of a row's column, which is not null.
    abstract String text(ResultSet row, String column) throws SQLException;

    /// @param type of `java.sql.Types`
    /// @param name what the database calls it
    static Optional<ColumnKind> of(int type, String name) {
        if (name.equalsIgnoreCase("timestamptz")) {
            return Optional.of(TIMESTAMP);
        }
        if (name.equalsIgnoreCase("uuid")) {
            return Optional.of(UUID_TEXT);
        }
        return switch (type) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> Optional.of(WHOLE);
            case Types.NUMERIC, Types.DECIMAL -> Optional.of(DECIMAL);
            case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.NCHAR, Types.NVARCHAR ->
                    Optional.of(TEXT);
            case Types.DATE -> Optional.of(DATE);
            case Types.TIMESTAMP -> Optional.of(LOCAL_TIMESTAMP);
            case Types.TIMESTAMP_WITH_TIMEZONE -> Optional.of(TIMESTAMP);
            default -> Optional.empty();
        };
    }
}
