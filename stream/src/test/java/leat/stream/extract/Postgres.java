package leat.stream.extract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import leat.core.file.Folders;
import leat.embedded.FreePorts;
import org.junit.jupiter.api.Assumptions;

/// A PostgreSQL server of a test's own, with Debian's programs. It refuses to run as root, so that
/// then it belongs to the user `postgres`.
final class Postgres implements AutoCloseable {

    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final String PASSWORD = "s3cret";

    private final Path bin;
    private final Path folder;
    private final int port;

    private Postgres(Path bin, Path folder, int port) {
        this.bin = bin;
        this.folder = folder;
        this.port = port;
    }

    static Postgres start() throws IOException {
        Path bin = programs();
        Path folder = Files.createTempDirectory("leat-postgres");
        Postgres postgres = new Postgres(bin, folder, FreePorts.one());
        Path password = Files.writeString(folder.resolve("password"), PASSWORD);
        if (isRoot()) {
            run(List.of("chown", "-R", "postgres", folder.toString()));
        }
        postgres.runAsUser(
                bin.resolve("initdb").toString(),
                "-D",
                folder.resolve("data").toString(),
                "-U",
                "leat",
                "--auth=scram-sha-256",
                "--pwfile=" + password,
                "-N",
                "-E",
                "UTF8");
        postgres.runAsUser(
                bin.resolve("pg_ctl").toString(),
                "-D",
                folder.resolve("data").toString(),
                "-w",
                "-l",
                folder.resolve("log").toString(),
                "-o",
                "-p " + postgres.port + " -h 127.0.0.1 -F -k " + folder,
                "start");
        return postgres;
    }

    private static Path programs() throws IOException {
        if (!Files.isDirectory(VERSIONS)) {
            Assumptions.abort("postgresql is not installed");
        }
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.max(Comparator.naturalOrder()).orElseThrow().resolve("bin");
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private void runAsUser(String... command) throws IOException {
        List<String> words = new ArrayList<>();
        if (isRoot()) {
            words.addAll(
                    List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        words.addAll(List.of(command));
        run(words);
    }

    private static void run(List<String> command) throws IOException {
        Path output = Files.createTempFile("leat-postgres", ".txt");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(Path.of("/").toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(command + " failed: " + Files.readString(output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            Files.delete(output);
        }
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    String password() {
        return PASSWORD;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), "leat", PASSWORD);
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() {
        try {
            runAsUser(
                    bin.resolve("pg_ctl").toString(),
                    "-D",
                    folder.resolve("data").toString(),
                    "-m",
                    "immediate",
                    "stop");
            Folders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
