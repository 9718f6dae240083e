package leat.ml.featurestore;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import leat.core.contract.ContractName;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.core.failpoint.FailPoint;
import leat.stream.log.Backoff;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/// The topic that remembers what each version of each view is, so that no state is gone on with by
/// another definition than made it, and which version of a view serves: one partition, compacted.
///
/// It is written under one transactional id. Who writes fences all earlier writers, reads, decides,
/// and commits, unless a later writer has fenced it by then: so what was decided on has not changed
/// until it is written.
public record FeatureRegistry(LogConnection log, Names names) {

    private static final InstantSource CLOCK = InstantSource.system();
    private static final int ATTEMPTS = 20;

    /// The topic.
    public static TopicSpec topic(Names names) {
        return TopicSpec.compacted(names.features(), 1);
    }

    /// What is registered; nothing where the topic has not been made.
    ///
    /// @throws LogUnavailable when Kafka does not answer
    /// @throws ViewRefused when a record cannot be read
    public RegisteredViews read() {
        try (Admin admin = log.admin()) {
            if (new Topics(admin, 1).ids(List.of(names.features())).isEmpty()) {
                return RegisteredViews.NONE;
            }
        }
        return readTopic();
    }

    /// Why a view may not run beside what is registered.
    public static Optional<ViewRefused> objection(FeatureFlow flow, RegisteredViews registered) {
        return Claim.objection(flow, registered);
    }

    /// Registers the views that are new; the topics are there. The first version of a view serves
    /// at once.
    ///
    /// @throws ViewRefused when one of them has run with another definition, or a later version has
    ///   taken over from it
    /// @throws LogUnavailable when Kafka does not do it
    public void claim(List<ViewDefinition> definitions) {
        Map<String, TopicId> sources = sources(definitions);
        if (!Claim.of(definitions, read(), sources, CLOCK.instant()).isEmpty()) {
            change(registered ->
                    records(Claim.of(definitions, registered, sources, CLOCK.instant())));
        }
    }

    /// Lets a version serve after another, unless another does by now. It is tried once: who looks
    /// again, tries again.
    ///
    /// @param after the version that serves until then
    /// @throws KafkaException or LogUnavailable when Kafka does not do it, or does not say whether
    ///   it did
    void takeOver(ContractName view, int after, ServingTerm term) {
        write(registered ->
                registered
                        .serving(view)
                        .filter(history -> history.current().version() == after)
                        .filter(_ ->
                                registered
                                        .version(view, term.version())
                                        .flatMap(RegisteredView::dropped)
                                        .isEmpty())
                        .map(history ->
                                new RegistryRecords(names.features()).of(view, history.then(term)))
                        .stream()
                        .toList());
    }

    /// Registers that a version is dropped, for ever.
    ///
    /// @throws ViewRefused when it is not known, or is needed
    /// @throws LogUnavailable when Kafka does not do it
    void drop(String version) {
        change(registered -> {
            RegisteredView known = DroppedUse.demandUnused(version, registered);
            return known.dropped().isPresent()
                    ? List.of()
                    : List.of(
                            new RegistryRecords(names.features())
                                    .of(known.droppedAt(CLOCK.instant())));
        });
    }

    private List<ProducerRecord<byte[], byte[]>> records(Claim claim) {
        RegistryRecords records = new RegistryRecords(names.features());
        List<ProducerRecord<byte[], byte[]>> made = new ArrayList<>();
        claim.versions().forEach(version -> made.add(records.of(version)));
        claim.first().forEach((view, history) -> made.add(records.of(view, history)));
        return made;
    }

    /// Writes what is decided on what is there. It is tried again where another writer comes
    /// between, or where nobody knows whether it was written.
    private void change(Function<RegisteredViews, List<ProducerRecord<byte[], byte[]>>> decision) {
        Backoff backoff = new Backoff();
        for (int attempt = 1; ; attempt++) {
            try {
                write(decision);
                return;
            } catch (KafkaException e) {
                if (attempt == ATTEMPTS) {
                    throw new LogUnavailable(names.features() + " could not be written", e);
                }
                LockSupport.parkNanos(backoff.next().toNanos());
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the commit reports what failed
    private void write(Function<RegisteredViews, List<ProducerRecord<byte[], byte[]>>> decision) {
        try (Producer<byte[], byte[]> producer =
                log.transactionalProducer(
                        "leat-features",
                        names.transactionalId("features-registrar", "1"),
                        Map.of())) {
            producer.initTransactions();
            List<ProducerRecord<byte[], byte[]>> records = decision.apply(readTopic());
            if (records.isEmpty()) {
                return;
            }
            producer.beginTransaction();
            records.forEach(producer::send);
            producer.flush();
            FailPoint.reach("features-registry.after-send");
            producer.commitTransaction();
            FailPoint.reach("features-registry.after-commit");
        }
    }

    private Map<String, TopicId> sources(List<ViewDefinition> definitions) {
        List<String> topics =
                definitions.stream()
                        .map(definition -> definition.flow().sourceTopic(names))
                        .distinct()
                        .toList();
        Map<String, TopicId> sources = new HashMap<>();
        try (Admin admin = log.admin()) {
            Map<String, TopicId> ids = new Topics(admin, 1).ids(topics);
            for (ViewDefinition definition : definitions) {
                String topic = definition.flow().sourceTopic(names);
                TopicId id = ids.get(topic);
                if (id == null) {
                    throw new LogUnavailable("the topic " + topic + " is not there", null);
                }
                sources.put(definition.flow().name(), id);
            }
        }
        return sources;
    }

    private RegisteredViews readTopic() {
        try (RegistryReader reader = new RegistryReader(log, names)) {
            return reader.read();
        }
    }
}
