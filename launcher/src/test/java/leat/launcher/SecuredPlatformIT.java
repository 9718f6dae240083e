package leat.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import leat.core.contract.Contract;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import leat.stream.tls.TlsContexts;
import leat.stream.tls.TlsIdentity;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A platform whose every way is encrypted: events by TLS with a key, Kafka by SASL_SSL with
/// SCRAM-SHA-256.
final class SecuredPlatformIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// With what must not break a login module's option.
    private static final String PASSWORD = "hunter2\"\\;x";

    private static final byte[] SYSLOG = "<13>1 - m1 shop - - - hello\n".getBytes(UTF_8);

    private static final String VIEW =
            """
            entity: customer
            source: orders
            features:
              - {name: amount, expression: event.amount, aggregate: [sum, count], windows: [1h]}
            """;

    @TempDir private static Path brokerFolder;

    private static SecuredBroker broker;
    private static X509Bundle authority;

    @TempDir private Path folder;

    @BeforeAll
    static void startBroker() throws Exception {
        authority =
                new CertificateBuilder()
                        .subject("CN=authority")
                        .setIsCertificateAuthority(true)
                        .buildSelfSigned();
        broker = SecuredBroker.start(brokerFolder, server("CN=broker"), PASSWORD);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private static X509Bundle server(String subject) throws Exception {
        return new CertificateBuilder()
                .subject(subject)
                .addSanDnsName("localhost")
                .addSanIpAddress("127.0.0.1")
                .buildIssuedBy(authority);
    }

    private static X509Bundle till() throws Exception {
        return new CertificateBuilder()
                .subject("CN=till")
                .addSanUriName("spiffe://shop/till")
                .buildIssuedBy(authority);
    }

    @BeforeEach
    void workspace() throws Exception {
        // A process has one platform; these tests start several in turn.
        PrometheusRegistry.defaultRegistry.clear();
        LeatCommandLines.initialize(folder);
        Files.writeString(folder.resolve("ca.pem"), authority.getCertificatePEM());
        X509Bundle collector = server("CN=collector");
        Files.writeString(folder.resolve("collector.pem"), collector.getCertificatePathPEM());
        secret("collector.key", collector.getPrivateKeyPEM());
        X509Bundle till = till();
        secret("till.pem", till.getCertificatePathPEM() + till.getPrivateKeyPEM());
        secret("kafka.password", PASSWORD + "\n");
        Files.writeString(
                folder.resolve("leat.yaml"),
                """
                log:
                  bootstrap-servers: localhost:%d
                  allow-single-replica: true
                  client:
                    security.protocol: SASL_SSL
                    sasl.mechanism: SCRAM-SHA-256
                    sasl.jaas.config: >-
                      org.apache.kafka.common.security.scram.ScramLoginModule required
                      username="leat" password="${file:kafka.password}";
                    ssl.truststore.type: PEM
                    ssl.truststore.certificates: ${file:ca.pem}
                collector:
                  http: {port: 0}
                  grpc: {port: 0}
                  access: {mode: keys}
                  tls:
                    certificate: collector.pem
                    key: collector.key
                    client-authorities: ca.pem
                    client-certificates: optional
                  syslog: {contract: orders, port: 0}
                """
                        .formatted(broker.port()));
    }

    private WorkspaceCommands commands() {
        return new WorkspaceCommands(folder);
    }

    private void secret(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.writeString(path, text);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    private LeatCommandLines.Ended send(Platform platform, String... more) {
        return send("https://localhost:" + platform.collector().getPort(), more);
    }

    private LeatCommandLines.Ended sendByGrpc(Platform platform, String... more) {
        return send("grpcs://" + platform.addresses().get("collector-grpc"), more);
    }

    private LeatCommandLines.Ended send(String collector, String... more) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "send",
                                "orders",
                                folder.resolve("orders.jsonl").toString(),
                                "--to",
                                collector));
        words.addAll(List.of(more));
        return commands().run(words.toArray(String[]::new));
    }

    private static List<String> enriched(Workspace workspace, int count) {
        Contract contract = workspace.contracts().all().getFirst();
        String topic = workspace.names().enriched(contract);
        List<String> values = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Consumer<byte[], byte[]> reader = workspace.log(0).reader("test", Map.of())) {
            List<TopicPartition> partitions =
                    reader.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            while (values.size() < count) {
                assertThat(System.nanoTime()).as("time, with " + values).isLessThan(deadline);
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofMillis(100))) {
                    values.add(new String(record.value(), UTF_8));
                }
            }
        }
        return values;
    }

    /// Kafka Streams makes clients of its own.
    private void awaitVectors(int count) {
        Await.text(
                count + " vectors compared, 1 in latest, 0 differences",
                () -> commands().output("features", "verify"));
    }

    @Test
    void aSentFileIsEnrichedAndNoSecretIsLogged() throws Exception {
        String key =
                commands()
                        .output("keys", "create", "shop", "--contract", "orders")
                        .lines()
                        .findFirst()
                        .orElseThrow();
        assertThat(key).startsWith("leat_");
        secret("shop.key", key);
        commands()
                .succeed(
                        "keys",
                        "create",
                        "till",
                        "--contract",
                        "orders",
                        "--certificate-subject",
                        "spiffe://shop/till");
        Files.writeString(
                folder.resolve("orders.jsonl"),
                "{\"order\":\"o1\",\"customer\":\"c\",\"amount\":1}\n");
        Files.createDirectories(folder.resolve("features"));
        Files.writeString(folder.resolve("features/spending.yaml"), VIEW);
        Workspace workspace = Workspace.open(folder);
        String[] keyAndTrust = {
            "--key-file",
            folder.resolve("shop.key").toString(),
            "--ca-file",
            folder.resolve("ca.pem").toString()
        };
        try (SecretSearch logs = SecretSearch.of(List.of(PASSWORD, "hunter2", key));
                Platform platform =
                        Platform.start(
                                workspace,
                                new Platform.Options(
                                        Set.of(Role.COLLECTOR, Role.ENRICHER, Role.FEATURES),
                                        "1",
                                        0))) {
            assertThat(platform.addresses().get("collector")).startsWith("https://127.0.0.1:");

            LeatCommandLines.Ended unknown = send(platform, "--ca-file", keyAndTrust[3]);
            LeatCommandLines.Ended untrusting = send(platform, "--key-file", keyAndTrust[1]);
            LeatCommandLines.Ended sent = send(platform, keyAndTrust);

            assertThat(unknown.exitCode()).isEqualTo(1);
            assertThat(unknown.output()).contains("no key was sent");
            assertThat(untrusting.exitCode()).isEqualTo(1);
            assertThat(untrusting.output()).contains("--ca-file");
            assertThat(sent.output()).contains("1 accepted");
            assertThat(sent.exitCode()).isZero();
            assertThat(enriched(workspace, 1).getFirst()).contains("\"order\":\"o1\"");
            Files.writeString(
                    folder.resolve("orders.jsonl"),
                    "{\"order\":\"o2\",\"customer\":\"c\",\"amount\":2}\n");
            LeatCommandLines.Ended byCertificate =
                    send(
                            platform,
                            "--ca-file",
                            keyAndTrust[3],
                            "--client-certificate",
                            folder.resolve("till.pem").toString());
            assertThat(byCertificate.output()).contains("1 accepted");
            assertThat(enriched(workspace, 2)).anyMatch(value -> value.contains("o2"));
            Files.writeString(
                    folder.resolve("orders.jsonl"),
                    "{\"order\":\"o3\",\"customer\":\"c\",\"amount\":3}\n");
            LeatCommandLines.Ended untrustingGrpc = sendByGrpc(platform);
            assertThat(untrustingGrpc.exitCode()).isEqualTo(1);
            assertThat(untrustingGrpc.output()).contains("--ca-file");
            assertThat(sendByGrpc(platform, "--ca-file", keyAndTrust[3]).output())
                    .contains("no key was sent");
            LeatCommandLines.Ended byGrpc =
                    sendByGrpc(
                            platform,
                            "--ca-file",
                            keyAndTrust[3],
                            "--client-certificate",
                            folder.resolve("till.pem").toString());
            assertThat(byGrpc.output()).contains("1 accepted");
            assertThat(enriched(workspace, 3)).anyMatch(value -> value.contains("o3"));
            awaitVectors(3);
            assertThat(List.of(platform.log(), workspace, unknown, untrusting, sent))
                    .noneMatch(shown -> shown.toString().contains("hunter2"))
                    .noneMatch(shown -> shown.toString().contains(key));
            assertThat(commands().output("plan")).contains("orders").doesNotContain("hunter2");
            assertThat(logs.lines()).isPositive();
            assertThat(logs.found()).isEmpty();
        }
    }

    @Test
    void syslogIsTakenOfWhoShowsACertificateThatAKeyNames() throws Exception {
        createTill();
        try (Platform platform = startCollector()) {
            URI address = URI.create(platform.addresses().get("collector-syslog"));
            assertThat(address.getScheme()).isEqualTo("tls");
            X509Bundle shown = till();
            TlsIdentity till =
                    new TlsIdentity(
                            List.of(shown.getCertificatePath()), shown.getKeyPair().getPrivate());

            try (Socket nobody = connect(Optional.empty(), address.getPort())) {
                assertThat(nobody.getInputStream().read()).isNegative();
            }
            assertThat(syslogMessages()).isZero();
            try (Socket sender = connect(Optional.of(till), address.getPort())) {
                sender.getOutputStream().write(SYSLOG);
                awaitSyslogMessage();
            }
        }
    }

    @Test
    void syslogThatStaysPlainIsTakenOfEverybodyOnThisMachine() throws Exception {
        createTill();
        Path file = folder.resolve("leat.yaml");
        Files.writeString(
                file, Files.readString(file).replace("syslog: {", "syslog: {plain: true, "));
        try (Platform platform = startCollector()) {
            URI address = URI.create(platform.addresses().get("collector-syslog"));
            assertThat(address.getScheme()).isEqualTo("tcp");

            try (Socket sender = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
                sender.getOutputStream().write(SYSLOG);
                awaitSyslogMessage();
            }
        }
    }

    private void createTill() {
        commands()
                .succeed(
                        "keys",
                        "create",
                        "till",
                        "--contract",
                        "orders",
                        "--door",
                        "syslog",
                        "--certificate-subject",
                        "spiffe://shop/till");
    }

    private Platform startCollector() {
        return Platform.start(
                Workspace.open(folder), new Platform.Options(Set.of(Role.COLLECTOR), "1", 0));
    }

    private static Socket connect(Optional<TlsIdentity> shown, int port) throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        TlsContexts.of(shown, List.of(authority.getCertificate()))
                                .getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.startHandshake();
        return socket;
    }

    /// It is no order: the collector or the enricher says so, and either way it is in the log.
    private static void awaitSyslogMessage() {
        Await.until("a message", () -> syslogMessages() > 0);
    }

    private static double syslogMessages() {
        return PrometheusRegistry.defaultRegistry
                .scrape("leat_collector_syslog_messages"::equals)
                .stream()
                .map(CounterSnapshot.class::cast)
                .flatMap(counter -> counter.getDataPoints().stream())
                .filter(point -> Set.of("stored", "dead").contains(point.getLabels().get("fate")))
                .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
                .sum();
    }

    @Test
    void aWrongPasswordIsToldAndNotRepeated() throws Exception {
        secret("kafka.password", "hunter3");
        commands().succeed("keys", "create", "shop", "--contract", "orders");
        Workspace workspace = Workspace.open(folder);
        try (SecretSearch logs = SecretSearch.of(List.of("hunter3"))) {
            assertThatThrownBy(() ->
                            Platform.start(
                                    workspace,
                                    new Platform.Options(Set.of(Role.COLLECTOR), "1", 0)))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("refuses us")
                    .hasMessageNotContaining("hunter3");
            assertThat(logs.found()).isEmpty();
        }
    }

    @Test
    void filesOfCertificatesThatCannotBeUsedEndTheStart() throws Exception {
        Files.writeString(folder.resolve("collector.pem"), authority.getCertificatePEM());
        commands().succeed("keys", "create", "shop", "--contract", "orders");

        assertThatThrownBy(() ->
                        Platform.start(
                                Workspace.open(folder),
                                new Platform.Options(Set.of(Role.COLLECTOR), "1", 0)))
                .isInstanceOfSatisfying(
                        UserError.class,
                        error ->
                                assertThat(error.remedy()).contains("the certificate was made for"))
                .hasMessageContaining("collector.tls.key");
    }
}
