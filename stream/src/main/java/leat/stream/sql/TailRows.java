package leat.stream.sql;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.event.EventHeaders;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.outcome.Outcome;
import leat.core.validate.Row;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Turns records of a table's topics into rows of its columns.
sealed interface TailRows {

    /// A row decoded, ready to be appended behind the hidden columns.
    @FunctionalInterface
    interface Decoded {
        void appendTo(DuckDBAppender appender) throws SQLException;
    }

    /// Empty for a record that is no row of the table; the lake's loader refuses it too.
    Optional<Decoded> decode(TopicId topic, ConsumerRecord<byte[], byte[]> record);

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null
                ? null
                : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static void appendFields(Contract contract, Row row, DuckDBAppender appender)
            throws SQLException {
        List<Field> fields = contract.fields();
        for (int i = 0; i < fields.size(); i++) {
            AppendedValue.append(appender, fields.get(i).type(), row.value(i));
        }
    }

    /// Records of the enriched topic.
    record Events(Contract contract, RowReader reader) implements TailRows {

        @Override
        public Optional<Decoded> decode(TopicId topic, ConsumerRecord<byte[], byte[]> record) {
            String position = header(record, EventHeaders.POSITION);
            String eventTime = header(record, EventHeaders.EVENT_TIME);
            if (position == null || eventTime == null || record.value() == null) {
                return Optional.empty();
            }
            return switch (reader.read(record.value())) {
                case Outcome.Rejected _ -> Optional.empty();
                case Outcome.Valid valid -> {
                    Row row = valid.row();
                    Position raw = Position.parse(position);
                    long eventMicros = Long.parseLong(eventTime);
                    yield Optional.of(appender -> {
                        appendFields(contract, row, appender);
                        appender.append(header(record, EventHeaders.ID));
                        appender.append(header(record, EventHeaders.SOURCE));
                        appender.appendEpochMicros(eventMicros);
                        appender.appendEpochMicros(record.timestamp() * 1000);
                        appender.append(raw.partition());
                        appender.append(raw.offset());
                        appender.append(header(record, EventHeaders.CONTRACT_VERSION));
                    });
                }
            };
        }
    }

    /// Records of a feature view's topic of vectors.
    record Vectors(Contract contract, RowReader reader) implements TailRows {

        @Override
        public Optional<Decoded> decode(TopicId topic, ConsumerRecord<byte[], byte[]> record) {
            String position = header(record, EventHeaders.POSITION);
            if (position == null || record.value() == null) {
                return Optional.empty();
            }
            return switch (reader.read(record.value())) {
                case Outcome.Rejected _ -> Optional.empty();
                case Outcome.Valid valid -> {
                    Row row = valid.row();
                    Position event = Position.parse(position);
                    yield Optional.of(appender -> {
                        appendFields(contract, row, appender);
                        appender.appendEpochMicros(record.timestamp() * 1000);
                        appender.append(event.partition());
                        appender.append(event.offset());
                    });
                }
            };
        }
    }

    /// Records of the dead-letter topics.
    record DeadLetters() implements TailRows {

        private static final JsonMapper JSON = new JsonMapper();

        @Override
        public Optional<Decoded> decode(TopicId topic, ConsumerRecord<byte[], byte[]> record) {
            String raw = header(record, EventHeaders.POSITION);
            Position source =
                    raw == null
                            ? new Position(topic, record.partition(), record.offset())
                            : Position.parse(raw);
            String reasons = header(record, EventHeaders.REASONS);
            List<String> codes = codes(reasons);
            byte @Nullable [] payload = record.value();
            @Nullable String text = payload == null ? null : utf8(payload);
            @Nullable String base64 =
                    payload == null || text != null
                            ? null
                            : Base64.getEncoder().encodeToString(payload);
            return Optional.of(appender -> {
                appender.append(header(record, EventHeaders.DEAD_ID));
                appender.append(header(record, EventHeaders.STAGE));
                appender.append(header(record, EventHeaders.ID));
                appender.append(header(record, EventHeaders.SOURCE));
                appender.appendEpochMicros(record.timestamp() * 1000);
                appender.append(source.topic().value());
                appender.append(source.partition());
                appender.append(source.offset());
                appender.append(header(record, EventHeaders.CONTRACT_VERSION));
                appender.append(codes);
                appender.append(reasons);
                appender.append(text);
                appender.append(base64);
            });
        }

        private static List<String> codes(@Nullable String reasons) {
            List<String> codes = new ArrayList<>();
            if (reasons != null) {
                for (JsonNode reason : JSON.readTree(reasons)) {
                    codes.add(reason.path("code").asString(""));
                }
            }
            return codes;
        }

        private static @Nullable String utf8(byte[] bytes) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException _) {
                return null;
            }
        }
    }
}
