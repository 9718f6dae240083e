package leat.ml.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import leat.core.contract.Contracts;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.FeatureSetReader;
import leat.core.feature.FeatureViewReader;
import leat.core.odcs.OdcsReader;
import leat.core.prediction.ScoringReader;
import leat.core.training.Training;
import leat.core.training.TrainingReader;
import leat.ml.featurestore.FeatureFlow;
import leat.ml.featurestore.FeatureKafka;
import leat.ml.featurestore.FeatureRegistry;
import leat.ml.featurestore.ViewDefinition;
import leat.ml.registry.RegistryTopics;
import leat.ml.tracking.TrackingLog;
import leat.stream.log.EventHeader;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// Events of machines and their vectors in a log, on three partitions.
final class Machines implements AutoCloseable {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final int PARTITIONS = 3;

    private static final String MACHINE =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: machine
            version: 1.0.0
            status: active
            schema:
              - name: machine
                properties:
                  - {name: time, logicalType: timestamp, required: true}
                  - {name: machine, logicalType: string, required: true}
                  - {name: load, logicalType: number}
                  - {name: heat, logicalType: number}
                  - {name: failed, logicalType: integer}
            customProperties:
              - {property: leat.key, value: machine}
              - {property: leat.time, value: time}
              - {property: leat.partitions, value: 3}
            """;

    private static final String VIEW =
            """
            entity: machine
            source: machine
            features:
              - {name: load, expression: event.load}
              - {name: heat, expression: event.heat}
            """;

    private static final String INSPECTION =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: inspection
            version: 1.0.0
            status: active
            schema:
              - name: inspection
                properties:
                  - {name: time, logicalType: timestamp, required: true}
                  - {name: machine, logicalType: string, required: true}
                  - {name: heat, logicalType: number}
            customProperties:
              - {property: leat.key, value: machine}
              - {property: leat.time, value: time}
              - {property: leat.partitions, value: 3}
            """;

    private static final String WEAR =
            """
            entity: machine
            source: inspection
            ttl: 30m
            features:
              - {name: wear, expression: event.heat}
            """;

    private static final String POWER =
            """
            entity: machine
            source: machine
            features:
              - {name: power, expression: event.load}
            """;

    /// Of the same events.
    private static final String OUTPUT =
            """
            entity: machine
            features:
              - {view: state, names: [load]}
              - {view: power, names: [power]}
            """;

    private static final String SET =
            """
            entity: machine
            features:
              - {view: wear, names: [wear]}
              - {view: state, names: [load], rename: {load: strain}}
            """;

    final LogConnection log;
    final Names names;
    private final Producer<byte[], byte[]> producer;
    private final TopicId enriched;

    private Machines(LogConnection log, Names names) {
        this.log = log;
        this.names = names;
        this.producer = log.producer("machines", Map.of());
        try (Admin admin = log.admin()) {
            String topic = names.enriched(view().source());
            this.enriched =
                    Objects.requireNonNull(new Topics(admin, 1).ids(List.of(topic)).get(topic));
        }
    }

    /// With topics that no other test has.
    static Machines fresh() {
        Names names = FeatureKafka.freshNames();
        List<TopicSpec> specs = new ArrayList<>(TopicSpec.of(names, view().source()));
        views(view()).forEach(view -> specs.addAll(new FeatureFlow(view).topics(names)));
        specs.addAll(new RegistryTopics(names).specs());
        specs.addAll(TrackingLog.topics(names));
        try (Admin admin = FeatureKafka.connection().admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(specs));
        }
        return new Machines(FeatureKafka.connection(), names);
    }

    /// Registers the first version of the view `state`, which serves from then on.
    void register() {
        try (Admin admin = log.admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(List.of(FeatureRegistry.topic(names))));
        }
        new FeatureRegistry(log, names)
                .claim(List.of(new ViewDefinition(new FeatureFlow(view()), VIEW)));
    }

    static Contracts contracts() {
        return new Contracts(
                List.of(
                        OdcsReader.read(Path.of("machine.odcs.yaml"), MACHINE).orThrow(),
                        OdcsReader.read(Path.of("inspection.odcs.yaml"), INSPECTION).orThrow()));
    }

    static CompiledView view() {
        return view("state", VIEW);
    }

    private static CompiledView wear() {
        return view("wear", WEAR);
    }

    private static CompiledView power() {
        return view("power", POWER);
    }

    /// @param state the view of that name
    private static List<CompiledView> views(CompiledView state) {
        return List.of(state, wear(), power());
    }

    private static CompiledView view(String name, String text) {
        return FeatureViewReader.read(Path.of(name + ".yaml"), text, contracts()).orThrow();
    }

    /// @param keys of `training`, beside the model and the algorithm, which is logistic
    static Training training(String model, String keys) {
        return training(model, "logistic", keys);
    }

    static Training training(String model, String algorithm, String keys) {
        return training(Path.of(""), model, algorithm, keys);
    }

    /// @param folder of the training's file
    static Training training(Path folder, String model, String algorithm, String keys) {
        return training(folder, model, algorithm, keys, views(view()));
    }

    /// A training in a workspace where the view `state` has a second version.
    static Training onSecondVersion(String model, String keys) {
        CompiledView second = view("state", VIEW + "version: 2\n");
        return training(Path.of(""), model, "logistic", keys, views(second));
    }

    private static Training training(
            Path folder, String model, String algorithm, String keys, List<CompiledView> views) {
        String text =
                """
                training:
                  model: %s
                  algorithm: %s
                """
                                .formatted(model, algorithm)
                        + keys.indent(2);
        return TrainingReader.read(folder.resolve(model + ".yaml"), text, known(views)).orThrow();
    }

    /// What files of models may name.
    static ScoringReader.Known known() {
        return known(views(view()));
    }

    private static ScoringReader.Known known(List<CompiledView> views) {
        List<FeatureSet> sets =
                List.of(
                        FeatureSetReader.read(Path.of("health.yaml"), SET, views).orThrow(),
                        FeatureSetReader.read(Path.of("output.yaml"), OUTPUT, views).orThrow());
        return ScoringReader.Known.sound(contracts(), views, sets);
    }

    Trainer trainer(Path folder) {
        return new Trainer(
                new Trainer.Place(log, names, folder.resolve("up"), InstantSource.system()));
    }

    /// Writes an event and the vector that is made with it.
    ///
    /// @param load null for a vector without it
    /// @return the offset of the event
    long write(int machine, Instant time, @Nullable Double load, double heat, boolean failed)
            throws InterruptedException, ExecutionException {
        long offset = event(machine, time, failed);
        state(machine, time, load, heat, offset);
        return offset;
    }

    /// Writes the vector of the view `state` that is made with an event.
    ///
    /// @param load null for a vector without it
    void state(int machine, Instant time, @Nullable Double load, double heat, long event)
            throws InterruptedException, ExecutionException {
        ProducerRecord<byte[], byte[]> vector =
                vector(
                        view(),
                        machine,
                        time,
                        (load == null ? "" : ",\"load\":" + load) + ",\"heat\":" + heat);
        EventHeader.add(vector.headers(), EventHeaders.VIEW, "state.v1");
        EventHeader.add(
                vector.headers(),
                EventHeaders.POSITION,
                new Position(enriched, machine % PARTITIONS, event).toString());
        RecordMetadata _ = producer.send(vector).get();
    }

    /// Writes the vector of the view `power` that is made with an event.
    void power(int machine, Instant time, double power, long event)
            throws InterruptedException, ExecutionException {
        ProducerRecord<byte[], byte[]> vector =
                vector(power(), machine, time, ",\"power\":" + power);
        EventHeader.add(vector.headers(), EventHeaders.VIEW, "power.v1");
        EventHeader.add(
                vector.headers(),
                EventHeaders.POSITION,
                new Position(enriched, machine % PARTITIONS, event).toString());
        RecordMetadata _ = producer.send(vector).get();
    }

    /// Writes what may be no vector to the vectors of the view `state`.
    ///
    /// @return its offset
    long plant(int machine, @Nullable String value)
            throws InterruptedException, ExecutionException {
        return producer.send(
                        new ProducerRecord<>(
                                names.vectors(view().contract()),
                                machine % PARTITIONS,
                                ("m" + machine).getBytes(UTF_8),
                                value == null ? null : value.getBytes(UTF_8)))
                .get()
                .offset();
    }

    /// Writes a vector of the view `wear`.
    void wear(int machine, Instant time, double wear)
            throws InterruptedException, ExecutionException {
        RecordMetadata _ = producer.send(vector(wear(), machine, time, ",\"wear\":" + wear)).get();
    }

    /// @param features members of the vector, each behind a comma
    private ProducerRecord<byte[], byte[]> vector(
            CompiledView view, int machine, Instant time, String features) {
        String name = "m" + machine;
        String value =
                "{\"entity\":\""
                        + name
                        + "\",\"query_time\":\""
                        + time.plus(1, ChronoUnit.MICROS)
                        + "\""
                        + features
                        + "}";
        return new ProducerRecord<>(
                names.vectors(view.contract()),
                machine % PARTITIONS,
                name.getBytes(UTF_8),
                value.getBytes(UTF_8));
    }

    /// Writes an event without a vector.
    ///
    /// @return its offset
    long event(int machine, Instant time, boolean failed)
            throws InterruptedException, ExecutionException {
        return event(
                machine,
                time,
                "{\"time\":\""
                        + time
                        + "\",\"machine\":\"m"
                        + machine
                        + "\",\"failed\":"
                        + (failed ? 1 : 0)
                        + "}");
    }

    /// Writes what may be no event to the enriched ones, without a vector.
    ///
    /// @return its offset
    long event(int machine, Instant time, String value)
            throws InterruptedException, ExecutionException {
        ProducerRecord<byte[], byte[]> event =
                new ProducerRecord<>(
                        names.enriched(view().source()),
                        machine % PARTITIONS,
                        ("m" + machine).getBytes(UTF_8),
                        value.getBytes(UTF_8));
        EventHeader.add(
                event.headers(),
                EventHeaders.EVENT_TIME,
                Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, time)));
        return producer.send(event).get().offset();
    }

    /// Machines that fail when load and heat together are high, one reading a minute.
    void write(int from, int to) throws InterruptedException, ExecutionException {
        write(from, to, 0);
    }

    /// @param more heat than usual, for all of them
    void write(int from, int to, double more) throws InterruptedException, ExecutionException {
        for (int i = from; i < to; i++) {
            SplittableRandom random = new SplittableRandom(i);
            double load = random.nextDouble();
            double heat = random.nextDouble();
            Instant time = START.plus(i, ChronoUnit.MINUTES);
            boolean failed = load + heat + 0.1 * random.nextGaussian() > 1.4;
            power(i % 7, time, heat, write(i % 7, time, load, heat + more, failed));
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
