package leat.stream.enricher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.encoding.PayloadSchemas;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.odcs.OdcsReader;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.EventIntake;
import leat.stream.collector.http.HttpDoor;
import leat.stream.inspect.EventFilter;
import leat.stream.inspect.LogEvent;
import leat.stream.inspect.Tail;
import leat.stream.log.EventHeader;
import leat.stream.log.TopicSpec;
import leat.stream.testing.SharedKafka;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Cars that send their readings in Avro: through the HTTP door and the enricher, both running.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class EncodedEventsIT {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String BARE = "application/avro";
    private static final String WITH_ID = "application/vnd.confluent.avro";
    private static final int SCHEMA_ID = 1;

    /// A file with the rows of a fleet (`time,car,` and the readings) takes the place of made ones.
    private static final String ROWS = System.getProperty("leat.cars", "");

    /// A schema file takes the place of the one among the test's resources.
    private static final String SCHEMA = System.getProperty("leat.cars.schema", "");

    @TempDir private Path folder;

    private final Names names = SharedKafka.freshNames();
    private final HttpClient http = HttpClient.newHttpClient();
    private Schema schema;
    private Contract contract;
    private EventIntake intake;
    private HttpDoor door;
    private Enricher enricher;

    @BeforeEach
    void start() throws IOException {
        String text = SCHEMA.isEmpty() ? resource() : Files.readString(Path.of(SCHEMA));
        schema = PayloadSchemas.avro(text);
        Files.writeString(folder.resolve("readings.avsc"), text);
        contract = contract();
        SharedKafka.create(TopicSpec.of(names, contract));
        PrometheusRegistry registry = new PrometheusRegistry();
        intake =
                EventIntake.open(
                        new EventIntake.Parts(
                                SharedKafka.connection(), names, List.of(contract), registry),
                        CollectorFixture.settings());
        door = HttpDoor.open(intake, CollectorFixture.settings(), registry);
        enricher =
                Enricher.start(
                        SharedKafka.connection(),
                        new Enricher.Instance(names, "one", folder),
                        EnricherSettings.DEFAULT,
                        List.of(Flow.of(names, contract)));
    }

    @AfterEach
    void stop() {
        enricher.close();
        door.close();
        intake.close();
        http.close();
    }

    private static String resource() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(
                        EncodedEventsIT.class.getResourceAsStream("/encoding/car-readings.avsc"))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private Contract contract() {
        StringBuilder text =
                new StringBuilder(
                        """
                        apiVersion: v3.1.0
                        kind: DataContract
                        id: car-readings
                        version: 1.0.0
                        status: active
                        schema:
                          - name: car_readings
                            properties:
                              - {name: time, logicalType: timestamp, required: true, logicalTypeOptions: {format: epoch-seconds}}
                              - {name: car, logicalType: string, required: true}
                              - {name: fleet, logicalType: string}
                        """);
        for (Schema.Field field : schema.getFields()) {
            String range = field.name().equals("throttle_pos") ? "{maximum: 1}" : "{}";
            text.append(
                    "      - {name: %s, logicalType: %s, required: true, logicalTypeOptions: %s}\n"
                            .formatted(field.name(), whole(field) ? "integer" : "number", range));
        }
        text.append(
                """
                customProperties:
                  - {property: leat.key, value: car}
                  - {property: leat.time, value: time}
                  - {property: leat.partitions, value: 2}
                  - {property: leat.enrich, value: [{field: fleet, constant: demo}]}
                  - property: leat.encoding
                    value:
                      format: avro
                      schema: readings.avsc
                      schemaIds: {1: readings.avsc}
                      headers: {car: ce_subject, time: ce_time}
                """);
        return OdcsReader.read(folder.resolve("car-readings.odcs.yaml"), text.toString()).orThrow();
    }

    private static boolean whole(Schema.Field field) {
        return field.schema().getType() == Schema.Type.INT;
    }

    /// One car's readings at one time.
    private record Reading(Instant time, String car, GenericRecord values) {}

    private List<Reading> readings() throws IOException {
        if (ROWS.isEmpty()) {
            Random random = new Random(7);
            return Stream.generate(() -> made(random)).limit(500).toList();
        }
        try (Stream<String> lines = Files.lines(Path.of(ROWS))) {
            return lines.skip(1).limit(5_000).map(this::parsed).toList();
        }
    }

    private Reading made(Random random) {
        GenericRecord values = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            values.put(
                    field.pos(), whole(field) ? (Object) random.nextInt(99) : random.nextFloat());
        }
        return new Reading(
                Instant.ofEpochSecond(1_567_606_196L + random.nextInt(100_000)),
                "car" + random.nextInt(20),
                values);
    }

    private Reading parsed(String line) {
        String[] cells = line.split(",", -1);
        GenericRecord values = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            String cell = cells[field.pos() + 2];
            values.put(
                    field.pos(),
                    whole(field) ? (Object) Integer.valueOf(cell) : Float.valueOf(cell));
        }
        return new Reading(Instant.ofEpochSecond(Long.parseLong(cells[0])), cells[1], values);
    }

    private byte[] avro(GenericRecord values) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(schema).write(values, encoder);
        return out.toByteArray();
    }

    private static byte[] withId(byte[] avro) {
        return ByteBuffer.allocate(5 + avro.length)
                .put((byte) 0)
                .putInt(SCHEMA_ID)
                .put(avro)
                .array();
    }

    private HttpResponse<String> post(String contentType, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:"
                                                + door.port()
                                                + "/v1/events/car-readings"))
                        .header("content-type", contentType)
                        .POST(BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static String[] cloudEvent(String id, Reading reading) {
        return new String[] {
            "ce-specversion",
            "1.0",
            "ce-id",
            id,
            "ce-source",
            "/cars",
            "ce-type",
            "reading",
            "ce-subject",
            reading.car(),
            "ce-time",
            reading.time().toString()
        };
    }

    private List<ConsumerRecord<byte[], byte[]>> await(String topic, int count) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<ConsumerRecord<byte[], byte[]>> records =
                    CollectorFixture.records(SharedKafka.connection(), topic);
            if (records.size() >= count || System.nanoTime() > deadline) {
                assertThat(records).hasSize(count);
                return records;
            }
        }
    }

    @Test
    void readingsInAvroAreEnrichedAsTheNumbersThatWereSent() throws Exception {
        // Given
        List<Reading> readings = readings();
        Map<String, byte[]> sent = new HashMap<>();

        // When
        for (int i = 0; i < readings.size(); i++) {
            byte[] bare = avro(readings.get(i).values());
            byte[] body = i % 2 == 0 ? bare : withId(bare);
            HttpResponse<String> answer =
                    post(i % 2 == 0 ? BARE : WITH_ID, body, cloudEvent("r" + i, readings.get(i)));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            sent.put("r" + i, body);
        }

        // Then
        for (ConsumerRecord<byte[], byte[]> raw : await(names.raw(contract), readings.size())) {
            assertThat(raw.value())
                    .isEqualTo(sent.get(EventHeader.text(raw.headers(), EventHeaders.ID)));
        }
        for (ConsumerRecord<byte[], byte[]> record :
                await(names.enriched(contract), readings.size())) {
            String id = Objects.requireNonNull(EventHeader.text(record.headers(), EventHeaders.ID));
            Reading reading = readings.get(Integer.parseInt(id.substring(1)));
            JsonNode event = JSON.readTree(record.value());
            assertThat(EventHeader.text(record.headers(), EventHeaders.CONTENT_TYPE))
                    .isEqualTo("application/json");
            assertThat(new String(record.key(), UTF_8)).isEqualTo(reading.car());
            assertThat(event.path("car").asString()).isEqualTo(reading.car());
            assertThat(event.path("time").asLong()).isEqualTo(reading.time().getEpochSecond());
            assertThat(event.path("fleet").asString()).isEqualTo("demo");
            for (Schema.Field field : schema.getFields()) {
                assertThat(event.path(field.name()).asDouble())
                        .isEqualTo(
                                Double.parseDouble(reading.values().get(field.pos()).toString()));
            }
            assertThat(event.size()).isEqualTo(schema.getFields().size() + 3);
        }
    }

    @Test
    void whatIsNoEventOfTheContractIsDeadWithItsBytesAndShownReadably() throws Exception {
        // Given
        Reading reading = made(new Random(8));
        byte[] sound = avro(reading.values());
        byte[] cut = Arrays.copyOf(sound, sound.length - 1);
        reading.values().put("throttle_pos", 7f);
        byte[] beyond = avro(reading.values());

        // When
        List<Integer> answers = new ArrayList<>();
        answers.add(post(BARE, cut, cloudEvent("cut", reading)).statusCode());
        answers.add(post(BARE, beyond, cloudEvent("beyond", reading)).statusCode());
        answers.add(post("application/protobuf", sound, cloudEvent("p", reading)).statusCode());
        String envelope =
                """
                {"specversion": "1.0", "id": "enveloped", "source": "/cars", "type": "reading",
                 "subject": "c1", "time": "2019-09-04T14:09:56Z",
                 "datacontenttype": "application/avro", "data_base64": "%s"}
                """
                        .formatted(Base64.getEncoder().encodeToString(sound));
        answers.add(post("application/cloudevents+json", envelope.getBytes(UTF_8)).statusCode());
        String json = JSON.writeValueAsString(Map.of("car", "c1"));
        answers.add(post("application/json", json.getBytes(UTF_8)).statusCode());

        // Then
        assertThat(answers).containsExactly(422, 202, 415, 202, 202);
        ConsumerRecord<byte[], byte[]> collected =
                await(names.dead(contract, Names.DeadStage.COLLECTOR), 1).getFirst();
        assertThat(collected.value()).isEqualTo(cut);
        assertThat(EventHeader.text(collected.headers(), EventHeaders.REASONS))
                .contains("\"code\":\"encoding\"", "ends too early");
        assertThat(EventHeader.text(collected.headers(), EventHeaders.CONTENT_TYPE))
                .isEqualTo(BARE);
        ConsumerRecord<byte[], byte[]> judged =
                await(names.dead(contract, Names.DeadStage.ENRICHER), 2).stream()
                        .filter(record ->
                                "beyond"
                                        .equals(
                                                EventHeader.text(
                                                        record.headers(), EventHeaders.ID)))
                        .findFirst()
                        .orElseThrow();
        assertThat(judged.value()).isEqualTo(beyond);
        assertThat(EventHeader.text(judged.headers(), EventHeaders.REASONS))
                .contains("\"code\":\"range\"", "throttle_pos");
        assertThat(await(names.enriched(contract), 1))
                .extracting(record -> EventHeader.text(record.headers(), EventHeaders.ID))
                .containsExactly("enveloped");
        List<String> shown =
                new Tail(SharedKafka.connection(), names)
                                .last(
                                        new Tail.Query(
                                                contract,
                                                Tail.Kind.DEAD,
                                                Optional.empty(),
                                                EventFilter.ALL),
                                        10)
                                .events()
                                .stream()
                                .map(LogEvent::value)
                                .map(value -> value.text())
                                .toList();
        assertThat(shown)
                .anySatisfy(text -> assertThat(text).contains("\"throttle_pos\":7.0"))
                .contains(Base64.getEncoder().encodeToString(cut), json);
    }
}
