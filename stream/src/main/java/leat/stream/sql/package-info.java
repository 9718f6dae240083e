/// SQL over events: each table is its Iceberg files plus the log's tail behind them, read as one
/// consistent cut by an embedded, locked-down DuckDB. Nothing here writes to the log or the lake.
@NullMarked
package leat.stream.sql;

import org.jspecify.annotations.NullMarked;
