package leat.stream.lake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static leat.stream.lake.TestContracts.integer;
import static leat.stream.lake.TestContracts.optional;
import static leat.stream.lake.TestContracts.real;
import static leat.stream.lake.TestContracts.required;
import static leat.stream.lake.TestContracts.text;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.outcome.Outcome;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.validate.Row;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Enriched events of a small contract, as the enricher writes them: event n of partition p has raw
/// offset n, so that a table's rows tell which events they are.
final class CarLog {

    static final TopicId RAW = new TopicId("rrrrrrrrrrrrrrrrrrrrrr");
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private CarLog() {}

    static List<Field> fields() {
        return List.of(
                required("car", text()), optional("n", integer()), optional("speed", real()));
    }

    static Contract contract(int partitions) {
        return TestContracts.contract("cars", fields(), Contract.TimePartitioning.DAY, partitions);
    }

    /// A parser that knows text, integers and doubles; an event with `"n":"bad"` is refused.
    static EventParser parser(Contract contract) {
        return json -> {
            JsonNode tree = MAPPER.readTree(json);
            @Nullable Object[] values = new @Nullable Object[contract.fields().size()];
            for (int i = 0; i < values.length; i++) {
                String name = contract.fields().get(i).name();
                JsonNode node = tree.path(name);
                if (node.isMissingNode()) {
                    continue;
                }
                if (name.equals("n") && !node.isIntegralNumber()) {
                    return new Outcome.Rejected(
                            List.of(new Reason(ReasonCode.TYPE, "n", "not an integer")));
                }
                values[i] =
                        node.isIntegralNumber()
                                ? (Object) node.longValue()
                                : node.isNumber()
                                        ? (Object) node.doubleValue()
                                        : node.stringValue();
            }
            return new Outcome.Valid(new Row(contract.fields(), values));
        };
    }

    static ProducerRecord<byte[], byte[]> event(
            Names names, Contract contract, int partition, long n, boolean bad) {
        String id = partition + "-" + n;
        Instant time = START.plusSeconds(n * 600);
        String json =
                "{\"car\":\"car-%d\",\"n\":%s,\"speed\":%s}"
                        .formatted(n % 10, bad ? "\"bad\"" : Long.toString(n), n * 0.5);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        names.enriched(contract),
                        partition,
                        time.toEpochMilli(),
                        ("car-" + n % 10).getBytes(UTF_8),
                        json.getBytes(UTF_8));
        header(record, EventHeaders.ID, id);
        header(record, EventHeaders.SOURCE, "/test");
        header(record, EventHeaders.POSITION, new Position(RAW, partition, n).toString());
        header(record, EventHeaders.EVENT_TIME, Long.toString(Micros.of(time)));
        header(record, EventHeaders.CONTRACT_VERSION, contract.version().toString());
        return record;
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(UTF_8));
    }

    /// Writes events `from` to `to` (exclusive) of every partition, in transactions of ten, each of
    /// them preceded by one that is aborted.
    static void write(
            LogConnection connection,
            Names names,
            Contract contract,
            int partitions,
            long from,
            long to)
            throws ExecutionException, InterruptedException {
        try (Producer<byte[], byte[]> producer =
                connection.transactionalProducer("cars", names.prefix() + "-cars", Map.of())) {
            producer.initTransactions();
            for (long n = from; n < to; n += 10) {
                producer.beginTransaction();
                for (int partition = 0; partition < partitions; partition++) {
                    Future<RecordMetadata> _ =
                            producer.send(event(names, contract, partition, -1 - n, false));
                }
                producer.flush();
                producer.abortTransaction();
                producer.beginTransaction();
                for (long each = n; each < Math.min(to, n + 10); each++) {
                    for (int partition = 0; partition < partitions; partition++) {
                        Future<RecordMetadata> _ =
                                producer.send(event(names, contract, partition, each, false));
                    }
                }
                producer.commitTransaction();
            }
        }
    }
}
