package leat.ml.featurestore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.stream.log.Backoff;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.SmallTopic;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The topic that remembers what each version of each view is, so that no state is gone on with by
/// another definition than made it: one partition, compacted, a record a view.
public record FeatureRegistry(LogConnection log, Names names) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String FINGERPRINT = "fingerprint";
    private static final String SOURCE_TOPIC = "source_topic";
    private static final int ATTEMPTS = 20;

    /// The topic.
    public static TopicSpec topic(Names names) {
        return TopicSpec.compacted(names.features(), 1);
    }

    /// What is registered, by `NAME.vN`; nothing where the topic has not been made.
    ///
    /// @throws LogUnavailable when Kafka does not answer
    public Map<String, RegisteredView> read() {
        try (Admin admin = log.admin()) {
            if (new Topics(admin, 1).ids(List.of(names.features())).isEmpty()) {
                return Map.of();
            }
        }
        return readTopic();
    }

    /// Why a view may not run, where something else is registered under its name and version.
    public static Optional<ViewRefused> objection(FeatureFlow flow, RegisteredView registered) {
        if (registered.fingerprint().equals(flow.fingerprint())) {
            return Optional.empty();
        }
        return Optional.of(
                new ViewRefused(
                        flow.compiled().view().file()
                                + ": the view "
                                + flow.name()
                                + " has run with another definition, which its vectors and its"
                                + " state are made by",
                        "count its version up, so that the new definition starts anew beside the"
                                + " old one, or take the change back"));
    }

    /// Refuses views that have run with another definition, before anything is made for them.
    ///
    /// @throws ViewRefused with the remedy
    /// @throws LogUnavailable when Kafka does not answer
    public void refuseChanged(List<FeatureFlow> flows) {
        List<FeatureFlow> _ = missing(flows, read());
    }

    /// Refuses a view where something else is registered under its name and version.
    ///
    /// @throws ViewRefused with the remedy
    static void refuseChanged(FeatureFlow flow, RegisteredView registered) {
        objection(flow, registered)
                .ifPresent(refused -> {
                    throw refused;
                });
    }

    /// Registers the views that are new; the topics are there. Of two processes that do so at the
    /// same time one is fenced, and looks again at what the other wrote.
    ///
    /// @throws ViewRefused when one of them has run with another definition
    /// @throws LogUnavailable when Kafka does not do it
    public void claim(List<FeatureFlow> flows) {
        if (missing(flows, read()).isEmpty()) {
            return;
        }
        Backoff backoff = new Backoff();
        for (int attempt = 1; ; attempt++) {
            try {
                write(flows);
                return;
            } catch (KafkaException e) {
                if (attempt == ATTEMPTS) {
                    throw new LogUnavailable(
                            "feature views could not be registered in " + names.features(), e);
                }
                LockSupport.parkNanos(backoff.next().toNanos());
            }
        }
    }

    /// Those that nothing is registered of.
    private static List<FeatureFlow> missing(
            List<FeatureFlow> flows, Map<String, RegisteredView> registered) {
        List<FeatureFlow> missing = new ArrayList<>();
        for (FeatureFlow flow : flows) {
            RegisteredView known = registered.get(flow.name());
            if (known == null) {
                missing.add(flow);
                continue;
            }
            refuseChanged(flow, known);
        }
        return missing;
    }

    /// What is there is read after every earlier writer was fenced, so nobody can write in between.
    private void write(List<FeatureFlow> flows) {
        try (Producer<byte[], byte[]> producer =
                log.transactionalProducer(
                        "leat-features",
                        names.transactionalId("features-registrar", "1"),
                        Map.of())) {
            producer.initTransactions();
            List<FeatureFlow> missing = missing(flows, readTopic());
            if (missing.isEmpty()) {
                return;
            }
            Map<String, TopicId> ids = sourceTopics(missing);
            producer.beginTransaction();
            missing.forEach(flow -> send(producer, registered(flow, ids)));
            producer.commitTransaction();
        }
    }

    private RegisteredView registered(FeatureFlow flow, Map<String, TopicId> ids) {
        String topic = names.enriched(flow.source());
        TopicId id = ids.get(topic);
        if (id == null) {
            throw new LogUnavailable("the topic " + topic + " is not there", null);
        }
        return new RegisteredView(flow.name(), flow.fingerprint(), id);
    }

    private Map<String, TopicId> sourceTopics(List<FeatureFlow> flows) {
        try (Admin admin = log.admin()) {
            return new Topics(admin, 1)
                    .ids(
                            flows.stream()
                                    .map(flow -> names.enriched(flow.source()))
                                    .distinct()
                                    .toList());
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the commit reports what failed
    private void send(Producer<byte[], byte[]> producer, RegisteredView view) {
        byte[] value =
                JSON.writeValueAsBytes(
                        Map.of(
                                FINGERPRINT,
                                view.fingerprint(),
                                SOURCE_TOPIC,
                                view.sourceTopic().value()));
        producer.send(
                new ProducerRecord<>(names.features(), 0, view.name().getBytes(UTF_8), value));
    }

    private Map<String, RegisteredView> readTopic() {
        Map<String, RegisteredView> views = new TreeMap<>();
        try (SmallTopic topic = SmallTopic.open(log, "leat-features", names.features())) {
            topic.readOn(records -> {
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    RegisteredView view = view(record);
                    views.put(view.name(), view);
                }
            });
        }
        return views;
    }

    private RegisteredView view(ConsumerRecord<byte[], byte[]> record) {
        try {
            JsonNode value = JSON.readTree(record.value());
            return new RegisteredView(
                    new String(record.key(), UTF_8),
                    value.required(FINGERPRINT).asString(),
                    new TopicId(value.required(SOURCE_TOPIC).asString()));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new ViewRefused(
                    "record "
                            + record.offset()
                            + " of "
                            + names.features()
                            + " cannot be read: "
                            + e.getMessage(),
                    "run the program that wrote it, or a newer one");
        }
    }
}
