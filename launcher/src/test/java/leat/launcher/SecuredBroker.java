package leat.launcher;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import leat.embedded.FreePorts;
import leat.embedded.kafka.EmbeddedKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/// A broker that the user `leat` reaches by SASL_SSL with SCRAM-SHA-256.
///
/// @param port where it does
record SecuredBroker(EmbeddedKafka kafka, int port) implements AutoCloseable {

    private static final int ITERATIONS = 4096;

    /// @param server shows whom clients speak to
    /// @param password of the user
    static SecuredBroker start(Path folder, X509Bundle server, String password)
            throws IOException, ExecutionException, InterruptedException {
        int port = FreePorts.inARow(3);
        int securePort = port + 1;
        int controllerPort = port + 2;
        Files.writeString(folder.resolve("controller.port"), Integer.toString(controllerPort));
        String clients = "CLIENT://127.0.0.1:" + port + ",SECURE://127.0.0.1:" + securePort;
        Map<String, String> properties = new HashMap<>(security(server));
        properties.put("listeners", clients + ",CONTROLLER://127.0.0.1:" + controllerPort);
        properties.put("advertised.listeners", clients);
        EmbeddedKafka kafka =
                EmbeddedKafka.start(new EmbeddedKafka.Settings(folder, port, false, properties));
        register(kafka, password);
        return new SecuredBroker(kafka, securePort);
    }

    private static Map<String, String> security(X509Bundle server) {
        String secure = "listener.name.secure.";
        return Map.of(
                "listener.security.protocol.map",
                "CLIENT:PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms",
                "SCRAM-SHA-256",
                secure + "scram-sha-256.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                secure + "ssl.keystore.type",
                "PEM",
                secure + "ssl.keystore.certificate.chain",
                server.getCertificatePathPEM(),
                secure + "ssl.keystore.key",
                server.getPrivateKeyPEM());
    }

    private static void register(EmbeddedKafka kafka, String password)
            throws ExecutionException, InterruptedException {
        ScramCredentialInfo kind =
                new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, ITERATIONS);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.alterUserScramCredentials(
                            List.of(new UserScramCredentialUpsertion("leat", kind, password)))
                    .all()
                    .get();
        }
    }

    @Override
    public void close() {
        kafka.close();
    }
}
