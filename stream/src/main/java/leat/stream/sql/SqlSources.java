package leat.stream.sql;

import java.nio.file.Path;
import java.util.function.Function;
import leat.core.contract.Contract;
import leat.stream.lake.LakeCatalog;
import leat.stream.log.LogConnection;

/// What queries read.
///
/// @param lakeFolder the local folder under which all data files of the lake are
/// @param readers by contract, how its enriched records are read, or the view's vectors
public record SqlSources(
        SqlTables tables,
        LakeCatalog lake,
        Path lakeFolder,
        LogConnection log,
        Function<Contract, RowReader> readers) {}
