package leat.stream.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/// A DuckDB in memory that can use some folders and nothing else: no other file, no network, no
/// extension, and none of it can be switched back on.
final class LockedDuckDb {

    private LockedDuckDb() {}

    /// @param folders that of the lake's data files, and others that may be read and written
    /// @param temporary a folder for spilled data; made when it is missing
    static DuckDBConnection open(SqlSettings settings, List<Path> folders, Path temporary) {
        List<String> locks =
                List.of(
                        "SET temp_directory = " + literal(temporary),
                        "SET max_temp_directory_size = '"
                                + settings.temporaryFiles().bytes()
                                + "B'",
                        "SET memory_limit = '" + settings.memory().bytes() + "B'",
                        "SET threads = " + settings.threads(),
                        "SET GLOBAL TimeZone = 'UTC'",
                        "SET autoinstall_known_extensions = false",
                        "SET autoload_known_extensions = false",
                        "SET allow_community_extensions = false",
                        folders.stream()
                                .map(LockedDuckDb::literal)
                                .collect(
                                        Collectors.joining(
                                                ", ", "SET allowed_directories = [", "]")),
                        "SET enable_external_access = false",
                        "SET lock_configuration = true");
        Properties properties = new Properties();
        properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
        try {
            Files.createDirectories(temporary);
            Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", properties);
            try (Statement statement = connection.createStatement()) {
                for (String lock : locks) {
                    statement.execute(lock);
                }
            }
            return connection.unwrap(DuckDBConnection.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + temporary, e);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot start DuckDB: " + e.getMessage(), e);
        }
    }

    private static String literal(Path folder) {
        return SqlColumn.literal(folder.toAbsolutePath().normalize().toString());
    }
}
