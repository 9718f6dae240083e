package leat.stream.extract;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Predicate;
import leat.core.contract.Contract;
import leat.core.event.Hash128;
import leat.stream.send.Rows;
import org.jspecify.annotations.Nullable;

/// Rows of a query in the order of (watermark, id). The position is the last row's pair, and rows
/// behind it are those with a greater watermark, or the same and a greater id: no row of a
/// watermark that many share is left out or read twice.
final class JdbcSource implements Source {

    private static final String WATERMARK = "watermark";
    private static final String ID = "id";

    private final JdbcPull settings;
    private final String name;
    private final Path folder;
    private final Predicate<String> sent;
    private @Nullable Connection connection;
    private @Nullable Kinds kinds;

    private record Kinds(ColumnKind watermark, ColumnKind id) {}

    /// A page as it is read.
    private record Batch(List<byte[]> rows, List<String> ids, Map<String, String> last) {}

    /// @param folder of the workspace, where paths of secrets begin
    JdbcSource(JdbcPull settings, Contract contract, String name, Path folder) {
        this.settings = settings;
        this.name = name;
        this.folder = folder;
        this.sent =
                column ->
                        (!column.equalsIgnoreCase(settings.watermark())
                                        && !column.equalsIgnoreCase(settings.id()))
                                || contract.fields().stream()
                                        .anyMatch(field -> field.name().equals(column));
    }

    @Override
    public Page read(Map<String, String> position) throws SourceFailed {
        try {
            Connection open = connection();
            Kinds known = kinds(open);
            Batch batch = query(open, known, position);
            open.rollback();
            if (batch.rows().isEmpty()) {
                return Page.nothing(position);
            }
            return new Page(
                    new Rows.Named(batch.rows(), batch.ids(), name),
                    batch.last(),
                    batch.rows().size() == settings.rows());
        } catch (SQLException e) {
            close();
            throw new SourceFailed("the database cannot be read", e);
        }
    }

    private Connection connection() throws SQLException, SourceFailed {
        Connection known = connection;
        if (known != null && known.isValid(5)) {
            return known;
        }
        close();
        Properties properties = new Properties();
        properties.putAll(settings.properties());
        settings.user().ifPresent(user -> properties.setProperty("user", user));
        if (settings.password().isPresent()) {
            properties.setProperty(
                    "password",
                    new Secret("jdbc.password", settings.password().get()).value(folder));
        }
        Connection open = DriverManager.getConnection(settings.url(), properties);
        connection = open;
        open.setReadOnly(true);
        open.setAutoCommit(false);
        return open;
    }

    private Kinds kinds(Connection open) throws SQLException, SourceFailed {
        Kinds known = kinds;
        if (known != null) {
            return known;
        }
        String none =
                "SELECT "
                        + settings.watermark()
                        + ", "
                        + settings.id()
                        + " FROM "
                        + rows()
                        + " WHERE 1 = 0";
        try (PreparedStatement statement = open.prepareStatement(none);
                ResultSet empty = statement.executeQuery()) {
            ResultSetMetaData columns = empty.getMetaData();
            ColumnKind watermark = kind(columns, 1, WATERMARK);
            ColumnKind id = kind(columns, 2, ID);
            known = new Kinds(watermark, id);
            kinds = known;
            return known;
        }
    }

    private static ColumnKind kind(ResultSetMetaData columns, int column, String key)
            throws SQLException, SourceFailed {
        Optional<ColumnKind> kind =
                ColumnKind.of(columns.getColumnType(column), columns.getColumnTypeName(column));
        if (kind.isEmpty()) {
            throw new SourceFailed(
                    "jdbc."
                            + key
                            + " is a column of type "
                            + columns.getColumnTypeName(column)
                            + ", whose order is not kept exactly; cast it in the query to a whole"
                            + " number, decimal, timestamp or text");
        }
        return kind.get();
    }

    private String rows() {
        return "(" + settings.query().strip().replaceFirst(";$", "") + ") leat_rows";
    }

    private Batch query(Connection open, Kinds known, Map<String, String> position)
            throws SQLException {
        List<Object> values = new ArrayList<>();
        String sql = sql(known, position, settled(open, known.watermark()), values);
        try (PreparedStatement statement = open.prepareStatement(sql)) {
            statement.setMaxRows(settings.rows());
            statement.setFetchSize(settings.rows());
            statement.setQueryTimeout((int) settings.timeout().toSeconds());
            for (int i = 0; i < values.size(); i++) {
                statement.setObject(i + 1, values.get(i));
            }
            try (ResultSet result = statement.executeQuery()) {
                return batch(result, known);
            }
        }
    }

    private String sql(
            Kinds known,
            Map<String, String> position,
            Optional<Object> settled,
            List<Object> values) {
        String watermark = settings.watermark();
        String id = settings.id();
        StringBuilder sql =
                new StringBuilder("SELECT * FROM " + rows() + " WHERE " + watermark)
                        .append(" IS NOT NULL AND " + id + " IS NOT NULL");
        String last = position.get(WATERMARK);
        String lastId = position.get(ID);
        if (last != null && lastId != null) {
            sql.append(" AND (%s > ? OR (%s = ? AND %s > ?))".formatted(watermark, watermark, id));
            values.add(known.watermark().parse(last));
            values.add(known.watermark().parse(last));
            values.add(known.id().parse(lastId));
        }
        if (settled.isPresent()) {
            sql.append(" AND " + watermark + " <= ?");
            values.add(settled.get());
        }
        return sql.append(" ORDER BY " + watermark + ", " + id).toString();
    }

    /// The youngest watermark that is read, by the database's own clock; empty where the watermark
    /// is no time.
    private Optional<Object> settled(Connection open, ColumnKind kind) throws SQLException {
        boolean local = kind == ColumnKind.LOCAL_TIMESTAMP;
        if (settings.settle().isZero() || (!local && kind != ColumnKind.TIMESTAMP)) {
            return Optional.empty();
        }
        String now = local ? "SELECT LOCALTIMESTAMP" : "SELECT CURRENT_TIMESTAMP";
        try (PreparedStatement statement = open.prepareStatement(now);
                ResultSet clock = statement.executeQuery()) {
            clock.next();
            return Optional.of(
                    local
                            ? clock.getObject(1, LocalDateTime.class).minus(settings.settle())
                            : clock.getObject(1, OffsetDateTime.class).minus(settings.settle()));
        }
    }

    private Batch batch(ResultSet result, Kinds known) throws SQLException {
        List<byte[]> rows = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        Map<String, String> last = Map.of();
        while (result.next()) {
            String watermark = known.watermark().text(result, settings.watermark());
            String id = known.id().text(result, settings.id());
            rows.add(ColumnJson.row(result, sent));
            ids.add(id(watermark, id));
            last = Map.of(WATERMARK, watermark, ID, id);
        }
        return new Batch(rows, ids, last);
    }

    /// A row that changed is another event.
    private static String id(String watermark, String id) {
        String both = watermark + "|" + id;
        return both.length() <= 200 ? both : Hash128.of(watermark, id).toString();
    }

    @Override
    public void close() {
        Connection known = connection;
        connection = null;
        if (known != null) {
            try {
                known.close();
            } catch (SQLException _) {
                // It is of no use any more; the next round opens another.
            }
        }
    }
}
