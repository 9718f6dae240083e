package leat.ml.objectstore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import leat.core.config.Secrets;
import org.junit.jupiter.api.Assumptions;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// A store that speaks S3, in a process of its own, on a folder that outlives it. It has one
/// bucket, `models`.
public final class RealS3 implements AutoCloseable {

    public static final String BUCKET = "models";

    private static final Path JAR = Path.of("target", "s3proxy", "s3proxy.jar");
    private static final String ID = "tester";
    private static final String SECRET = "not-guessed";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Below the ports that the system gives to clients.
    private static final int FIRST_PORT = 29_100;

    private static final int LAST_PORT = 29_900;

    private final Path folder;
    private final int port = freePort();
    private final S3Client client;
    private Process process;

    /// @param folder of its own
    public RealS3(Path folder) throws IOException {
        Assumptions.assumeTrue(
                Files.isReadable(JAR), "s3proxy is missing: mvn pre-integration-test copies it");
        this.folder = folder;
        Files.createDirectories(folder.resolve("objects").resolve(BUCKET));
        Files.writeString(
                folder.resolve("s3.properties"),
                """
                s3proxy.endpoint=http://127.0.0.1:%d
                s3proxy.authorization=aws-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                jclouds.provider=filesystem-nio2
                jclouds.identity=x
                jclouds.credential=x
                jclouds.filesystem.basedir=%s
                """
                        .formatted(port, ID, SECRET, folder.resolve("objects")));
        this.process = launch();
        this.client =
                S3Client.builder()
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .endpointOverride(URI.create(address()))
                        .forcePathStyle(true)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(ID, SECRET)))
                        .build();
    }

    private static int freePort() {
        for (int port = FIRST_PORT; port < LAST_PORT; port++) {
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException _) {
                // taken
            }
        }
        throw new IllegalStateException("no free port");
    }

    private Process launch() {
        try {
            Process started =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx256m",
                                    "-XX:TieredStopAtLevel=1",
                                    "-XX:+UseSerialGC",
                                    "-jar",
                                    JAR.toString(),
                                    "--properties",
                                    folder.resolve("s3.properties").toString())
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("out").toFile())
                            .start();
            awaitAnswer(started);
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitAnswer(Process started) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answers()) {
            if (!started.isAlive() || System.nanoTime() - deadline > 0) {
                started.destroyForcibly();
                throw new AssertionError(Files.readString(folder.resolve("out")));
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

    /// A reader of it.
    public S3Objects objects() {
        return objects(address(), SECRET);
    }

    /// A reader that shows another secret.
    S3Objects strangers() {
        return objects(address(), "guessed");
    }

    /// A reader of what is there under an address.
    static S3Objects objects(String address, String secret) {
        return new S3Objects(
                new ObjectStoreSettings(
                        Optional.of(address),
                        Optional.empty(),
                        Optional.of("${env:STORE_ID}"),
                        Optional.of("${env:STORE_SECRET}"),
                        Duration.ofSeconds(2)),
                new Secrets(Map.of("STORE_ID", ID, "STORE_SECRET", secret), Path.of("")));
    }

    public void put(String key, byte[] bytes) {
        client.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(bytes));
    }

    /// Puts empty objects into a folder, below the store.
    void fill(String name, int count) throws IOException {
        Path there =
                Files.createDirectories(folder.resolve("objects").resolve(BUCKET).resolve(name));
        for (int i = 0; i < count; i++) {
            Files.createFile(there.resolve(Integer.toString(i)));
        }
    }

    public void delete(String key) {
        client.deleteObject(request -> request.bucket(BUCKET).key(key));
    }

    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    public void restart() {
        process = launch();
    }

    @Override
    public void close() {
        client.close();
        kill();
    }
}
