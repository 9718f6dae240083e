package leat.stream.monitor;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import leat.core.event.Names;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Posts every change of an alert to an address, in order, each until it is taken. The topic of
/// alerts is the queue and a group's position in it says what was taken, so that nothing waits in
/// memory and the judging never waits.
final class Webhook implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration MIN_WAIT = Duration.ofMillis(500);
    private static final Duration MAX_WAIT = Duration.ofMinutes(1);
    private static final Counter POSTS =
            Counter.builder()
                    .name("leat_alert_posts_total")
                    .help("Changes of alerts posted, by outcome: taken, refused or failed")
                    .labelNames("outcome")
                    .register(PrometheusRegistry.defaultRegistry);

    private final LogConnection connection;
    private final Names names;
    private final URI address;
    private final Duration timeout;
    private final HttpClient http;
    private final Thread thread;
    private volatile boolean closing;

    private enum Outcome {
        TAKEN,
        /// It would be refused again.
        REFUSED,
        FAILED;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private Webhook(LogConnection connection, Names names, URI address, Duration timeout) {
        this.connection = connection;
        this.names = names;
        this.address = address;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder().connectTimeout(timeout).build();
        this.thread = Thread.ofVirtual().name("alert-webhook").start(this::run);
    }

    static Webhook start(LogConnection connection, Names names, URI address, Duration timeout) {
        return new Webhook(connection, names, address, timeout);
    }

    private void run() {
        while (!closing) {
            try (Consumer<byte[], byte[]> consumer =
                    connection.groupConsumer(
                            "alert-webhook",
                            names.group("alert-webhook"),
                            Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1))) {
                consumer.subscribe(List.of(new MonitorTopics(names).alerts()));
                while (!closing) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                        deliver(consumer, record);
                    }
                }
            } catch (KafkaException e) {
                LOG.atWarn()
                        .addKeyValue("cause", e.getMessage())
                        .log("Cannot read the alerts; trying again");
            }
        }
    }

    /// Posts until it is taken, refused, or another process has the partition.
    private void deliver(Consumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Duration wait = MIN_WAIT;
        Outcome outcome = post(record);
        while (outcome == Outcome.FAILED) {
            consumer.pause(consumer.assignment());
            long until = System.nanoTime() + wait.toNanos();
            while (!closing && System.nanoTime() < until) {
                consumer.poll(POLL);
            }
            if (closing || !consumer.assignment().contains(partition)) {
                consumer.resume(consumer.assignment());
                return;
            }
            wait = wait.multipliedBy(2).compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait.multipliedBy(2);
            outcome = post(record);
        }
        consumer.commitSync(Map.of(partition, new OffsetAndMetadata(record.offset() + 1)));
        consumer.resume(consumer.assignment());
    }

    private Outcome post(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = Objects.requireNonNullElse(record.value(), new byte[0]);
        Outcome outcome;
        try {
            HttpResponse<Void> answer =
                    http.send(
                            HttpRequest.newBuilder(address)
                                    .timeout(timeout)
                                    .header("content-type", "application/json")
                                    .header("idempotency-key", change(value))
                                    .POST(BodyPublishers.ofByteArray(value))
                                    .build(),
                            BodyHandlers.discarding());
            outcome = outcome(answer.statusCode());
            if (outcome != Outcome.TAKEN) {
                LOG.atWarn()
                        .addKeyValue("status", answer.statusCode())
                        .log("The webhook did not take an alert");
            }
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("cause", String.valueOf(e)).log("The webhook does not answer");
            outcome = Outcome.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome = Outcome.FAILED;
        }
        POSTS.labelValues(outcome.word()).inc();
        return outcome;
    }

    private static Outcome outcome(int status) {
        if (status >= 200 && status < 300) {
            return Outcome.TAKEN;
        }
        boolean again = status == 408 || status == 429 || status >= 500;
        return again ? Outcome.FAILED : Outcome.REFUSED;
    }

    private static String change(byte[] value) {
        try {
            return JSON.readTree(value).path("change").asString("");
        } catch (JacksonException _) {
            return "";
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.close();
    }
}
