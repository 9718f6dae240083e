package leat.launcher;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets the processes of a platform be started in any order: a role waits for the log.
///
/// @param servers where it should be
/// @param embedded whether it is the embedded broker of the workspace, run by another process
/// @param patience how long to wait
record LogPresence(String servers, boolean embedded, Duration patience) {

    private static final Logger LOG = LoggerFactory.getLogger(LogPresence.class);
    private static final Duration ATTEMPT = Duration.ofSeconds(2);

    /// A client of the log.
    ///
    /// @throws UserError when it cannot be made of the settings
    static Admin admin(LogConnection log) {
        try {
            return log.admin();
        } catch (KafkaException | IllegalArgumentException e) {
            Throwable reason = e;
            while (reason.getCause() != null) {
                reason = reason.getCause();
            }
            throw new UserError(
                    "no Kafka client can be made with log.client of leat.yaml: "
                            + reason.getMessage(),
                    "correct the properties or the files that they name");
        }
    }

    /// Returns when the log answers.
    ///
    /// @throws UserError when it does not in time, or refuses us
    void await(Admin admin) {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean told = false;
        while (true) {
            try {
                admin.describeCluster(
                                new DescribeClusterOptions().timeoutMs((int) ATTEMPT.toMillis()))
                        .nodes()
                        .get();
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TimeoutException)) {
                    throw new UserError(
                            "Kafka at " + servers + " refuses us: " + e.getCause(),
                            "correct log.client in leat.yaml");
                }
                if (System.nanoTime() > deadline) {
                    throw absent();
                }
                if (!told) {
                    LOG.atWarn()
                            .addKeyValue("servers", servers)
                            .addKeyValue("patience", patience)
                            .log("Waiting for Kafka");
                    told = true;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw absent();
            }
        }
    }

    private UserError absent() {
        return new UserError(
                "Kafka at " + servers + " did not answer for " + patience.toSeconds() + " s",
                embedded
                        ? "start the embedded broker of this workspace with leat up or leat run"
                                + " kafka and the same --port-offset, or name another log with"
                                + " log.bootstrap-servers in leat.yaml"
                        : "start it, or correct log.bootstrap-servers in leat.yaml");
    }
}
