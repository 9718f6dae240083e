package leat.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import leat.embedded.FreePorts;
import org.junit.jupiter.api.Assumptions;

/// A store that speaks S3, in a process of its own, with one bucket, `models`, as a workspace and
/// MLflow's client are told of it.
final class S3Process implements AutoCloseable {

    private static final Path JAR = Path.of("..", "ml", "target", "s3proxy", "s3proxy.jar");
    private static final String ID = "tester";
    private static final String SECRET = "not-guessed";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int port = FreePorts.inARow(1);
    private final Process process;

    /// @param folder of its own
    S3Process(Path folder) throws IOException {
        Assumptions.assumeTrue(
                Files.isReadable(JAR), "s3proxy is missing: mvn pre-integration-test copies it");
        Files.createDirectories(folder.resolve("objects/models"));
        Path settings = folder.resolve("s3.properties");
        Files.writeString(
                settings,
                """
                s3proxy.endpoint=%s
                s3proxy.authorization=aws-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                jclouds.provider=filesystem-nio2
                jclouds.identity=x
                jclouds.credential=x
                jclouds.filesystem.basedir=%s
                """
                        .formatted(address(), ID, SECRET, folder.resolve("objects")));
        Path output = folder.resolve("out");
        process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-jar",
                                JAR.toString(),
                                "--properties",
                                settings.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                close();
                throw new AssertionError(Files.readString(output));
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private boolean answers() {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private String address() {
        return "http://127.0.0.1:" + port;
    }

    /// What `leat.yaml` says of it.
    String settings() {
        return """
        models:
          object-store:
            endpoint: %s
            access-key: ${file:store-key}
            secret-key: ${file:store-secret}
        """
                .formatted(address());
    }

    /// Writes the keys that the settings mean.
    void writeKeys(Path workspace) throws IOException {
        Files.writeString(workspace.resolve("store-key"), ID);
        Files.writeString(workspace.resolve("store-secret"), SECRET);
    }

    /// What MLflow's client has to know of it.
    Map<String, String> environment() {
        return Map.of(
                "MLFLOW_S3_ENDPOINT_URL",
                address(),
                "AWS_ACCESS_KEY_ID",
                ID,
                "AWS_SECRET_ACCESS_KEY",
                SECRET,
                "AWS_DEFAULT_REGION",
                "us-east-1",
                "AWS_EC2_METADATA_DISABLED",
                "true");
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
