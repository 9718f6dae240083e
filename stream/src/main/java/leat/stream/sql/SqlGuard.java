package leat.stream.sql;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Decides from DuckDB's own syntax tree whether a query only reads tables of ours.
///
/// Whatever is not known to be harmless is refused: kinds of statements, table sources, functions
/// that yield tables, and names of tables that are not plain identifiers. DuckDB's settings lock
/// the rest of the machine; this check also keeps a query from naming the lake's files itself.
final class SqlGuard {

    private static final Set<String> NODES =
            Set.of(
                    "SELECT_NODE",
                    "SET_OPERATION_NODE",
                    "RECURSIVE_CTE_NODE",
                    "CTE_NODE",
                    "EMPTY",
                    "BASE_TABLE",
                    "SUBQUERY",
                    "JOIN",
                    "TABLE_FUNCTION",
                    "EXPRESSION_LIST",
                    "PIVOT",
                    "SHOW_REF",
                    "ORDER_MODIFIER",
                    "LIMIT_MODIFIER",
                    "LIMIT_PERCENT_MODIFIER",
                    "DISTINCT_MODIFIER",
                    "ORDER_DEFAULT",
                    "ASCENDING",
                    "DESCENDING");
    private static final Set<String> EXPRESSIONS =
            Set.of(
                    "COLUMN_REF",
                    "CONSTANT",
                    "FUNCTION",
                    "COMPARISON",
                    "CONJUNCTION",
                    "CAST",
                    "CASE",
                    "OPERATOR",
                    "SUBQUERY",
                    "STAR",
                    "BETWEEN",
                    "WINDOW",
                    "LAMBDA",
                    "LAMBDA_REF",
                    "COLLATE",
                    "POSITIONAL_REFERENCE",
                    "TYPE");
    private static final Set<String> TABLE_FUNCTIONS =
            Set.of("range", "generate_series", "unnest", "repeat", "json_each", "json_tree");

    /// Functions of one value that reveal settings, keep state, write or wait.
    private static final Pattern LOCKED_FUNCTIONS =
            Pattern.compile(
                    "current_setting|set_config|getenv|getvariable|nextval|currval|setval|setseed"
                            + "|write_log|parse_duckdb_log_message|sleep_ms|pg_sleep|txid_current"
                            + "|json_execute_serialized_sql|query|query_table|read_.*|glob"
                            + "|duckdb_.*|pragma_.*|which_secret|.*_scan|arrow_scan.*|__internal.*");

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern LOCATION = Pattern.compile("\\[?(\\d+).*");

    private final SqlTables known;
    private final Set<String> aliasesUsed = new LinkedHashSet<>();
    private final Set<String> commonTables = new LinkedHashSet<>();
    private boolean listsTables;

    private SqlGuard(SqlTables known) {
        this.known = known;
    }

    /// What a query needs.
    ///
    /// @param names the table names as the query writes them, in lower case
    /// @param listsTables the query is `SHOW TABLES`
    record Checked(Set<String> names, boolean listsTables) {}

    /// Checks what `json_serialize_sql` made of `sql`.
    ///
    /// @throws SqlRefused when the query is not one plain reading statement over known tables
    static Checked check(String sql, JsonNode serialized, SqlTables known) {
        if (serialized.path("error").booleanValue(false)) {
            throw notSerialized(sql, serialized);
        }
        JsonNode statements = serialized.path("statements");
        if (statements.size() != 1) {
            throw new SqlRefused(
                    SqlRefused.Code.NOT_ALLOWED,
                    "the query has " + statements.size() + " statements",
                    "send exactly one SELECT");
        }
        SqlGuard guard = new SqlGuard(known);
        guard.collectCommonTables(statements);
        guard.walk(statements);
        return new Checked(guard.aliasesUsed, guard.listsTables);
    }

    private static SqlRefused notSerialized(String sql, JsonNode serialized) {
        String message = serialized.path("error_message").asString("");
        if (!serialized.path("error_type").asString("").equals("parser")) {
            return new SqlRefused(
                    SqlRefused.Code.NOT_ALLOWED,
                    "only queries that read are allowed: SELECT, WITH, VALUES, FROM, DESCRIBE,"
                            + " SUMMARIZE and SHOW TABLES",
                    "write the query as a SELECT; settings, files and extensions are locked");
        }
        return new SqlRefused(
                SqlRefused.Code.INVALID,
                place(sql, serialized).map(p -> p + ": ").orElse("") + message,
                "correct the SQL at the place named");
    }

    /// `line 2, column 7`, from the offset that the parser names.
    private static Optional<String> place(String sql, JsonNode serialized) {
        Matcher location = LOCATION.matcher(serialized.path("position").asString(""));
        if (!location.matches()) {
            return Optional.empty();
        }
        int offset = Math.min(Integer.parseInt(location.group(1)), sql.length());
        String before = sql.substring(0, offset);
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        int column = offset - (before.lastIndexOf('\n') + 1) + 1;
        return Optional.of("line " + line + ", column " + column);
    }

    private void collectCommonTables(JsonNode node) {
        for (JsonNode entry : node.path("cte_map").path("map")) {
            commonTables.add(entry.path("key").asString("").toLowerCase(Locale.ROOT));
        }
        if (node.path("cte_name").isString()) {
            commonTables.add(node.path("cte_name").stringValue().toLowerCase(Locale.ROOT));
        }
        for (JsonNode child : node) {
            collectCommonTables(child);
        }
    }

    private void walk(JsonNode node) {
        if (node.isObject()) {
            if (node.path("class").isString()) {
                checkExpression(node, node.path("class").stringValue());
            } else if (node.path("type").isString()) {
                checkNode(node, node.path("type").stringValue());
            }
        }
        for (JsonNode child : node) {
            walk(child);
        }
    }

    private void checkExpression(JsonNode expression, String kind) {
        if (!EXPRESSIONS.contains(kind)) {
            throw notAllowed("an expression of kind " + kind);
        }
        if (kind.equals("FUNCTION") || kind.equals("WINDOW")) {
            String name = expression.path("function_name").asString("").toLowerCase(Locale.ROOT);
            if (LOCKED_FUNCTIONS.matcher(name).matches()) {
                throw notAllowed("the function '" + name + "'");
            }
        }
    }

    private void checkNode(JsonNode node, String kind) {
        if (!NODES.contains(kind)) {
            throw notAllowed(kind.toLowerCase(Locale.ROOT).replace("_node", "").replace('_', ' '));
        }
        switch (kind) {
            case "BASE_TABLE" -> checkTable(node);
            case "TABLE_FUNCTION" -> checkTableFunction(node);
            case "SHOW_REF" -> checkShow(node);
            default -> {
                // The other kinds only hold together what is checked one by one.
            }
        }
    }

    private void checkTable(JsonNode table) {
        String name = table.path("table_name").asString("");
        if (!table.path("catalog_name").asString("").isEmpty()
                || !table.path("schema_name").asString("").isEmpty()) {
            throw new SqlRefused(
                    SqlRefused.Code.NOT_ALLOWED,
                    "the table '" + name + "' is named with a schema",
                    "write the table's name alone; SHOW TABLES lists them");
        }
        if (!IDENTIFIER.matcher(name).matches()) {
            throw new SqlRefused(
                    SqlRefused.Code.NOT_ALLOWED,
                    "'" + name + "' is not the name of a table; files cannot be read",
                    "SHOW TABLES lists what there is");
        }
        if (table.path("at_clause").isObject()) {
            throw notAllowed("AT (time travel)");
        }
        String key = name.toLowerCase(Locale.ROOT);
        Optional<SqlTable> found = known.find(key);
        if (found.isPresent()) {
            aliasesUsed.add(key);
        } else if (!commonTables.contains(key)) {
            throw known.unknown(name);
        }
    }

    private static void checkTableFunction(JsonNode table) {
        String name =
                table.path("function").path("function_name").asString("").toLowerCase(Locale.ROOT);
        if (!TABLE_FUNCTIONS.contains(name)) {
            throw notAllowed("the table function '" + name + "'");
        }
    }

    private void checkShow(JsonNode show) {
        if (show.path("query").isObject()) {
            return;
        }
        String name = show.path("table_name").asString("").replace("\"", "");
        if (!name.equals("tables")) {
            throw notAllowed("SHOW " + name.toUpperCase(Locale.ROOT));
        }
        listsTables = true;
    }

    private static SqlRefused notAllowed(String what) {
        return new SqlRefused(
                SqlRefused.Code.NOT_ALLOWED,
                what + " is not allowed in a query",
                "read the tables with SELECT; settings, files and extensions are locked");
    }
}
