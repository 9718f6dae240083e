package leat.stream.enricher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.enrich.Answers;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.core.odcs.OdcsReader;
import leat.core.protect.ProtectionKey;
import leat.stream.log.EventHeader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

final class ProtectedRecordsTest {

    private static final Names NAMES = new Names("leat");
    private static final Optional<ProtectionKey> KEY =
            Optional.of(ProtectionKey.parse("00".repeat(16) + "ff".repeat(16)));

    /// HMAC-SHA-256 of `ana@example.org` under [#KEY], computed by another program.
    private static final String ANA =
            "76c3298a46235839970b28d1f01c518259bfb1c5b71371cd412281f22e18a397";

    private static Contract contract(String entries) {
        return OdcsReader.read(
                        Path.of("visits.odcs.yaml"),
                        """
                        apiVersion: v3.1.0
                        kind: DataContract
                        id: visits
                        version: 1.0.0
                        status: active
                        schema:
                          - name: visit
                            properties:
                              - {name: mail, logicalType: string, required: true}
                              - {name: age, logicalType: integer}
                              - {name: eu, logicalType: boolean}
                        customProperties:
                          - {property: leat.key, value: mail}
                          - {property: leat.unknownFields, value: drop}
                          - property: leat.enrich
                            value:
                              - {field: eu, constant: true}
                        """
                                + entries.indent(6))
                .orThrow();
    }

    private static final Contract HASHING =
            contract(
                    """
                    - {protect: {field: mail}, action: hash}
                    - {protect: {field: age}, action: drop}
                    """);

    private static ConsumerRecord<byte[], byte[]> raw(String value) {
        RecordHeaders headers = new RecordHeaders();
        EventHeader.add(headers, EventHeaders.ID, "1");
        EventHeader.add(headers, EventHeaders.SOURCE, "shop");
        EventHeader.add(headers, "ce_subject", "ana@example.org");
        EventHeader.add(headers, "x-forwarded-for", "10.1.1.1");
        EventHeader.add(headers, "ce_traceparent", "00-1-2-01");
        return new ConsumerRecord<>(
                "raw",
                3,
                41,
                1_000,
                TimestampType.LOG_APPEND_TIME,
                -1,
                -1,
                "ana@example.org".getBytes(UTF_8),
                value.getBytes(UTF_8),
                headers,
                Optional.empty());
    }

    private static ProducerRecord<byte[], byte[]> enriched(Contract contract, String value) {
        Flow flow = Flow.of(NAMES, contract, Answers.NONE, KEY);
        ConsumerRecord<byte[], byte[]> raw = raw(value);
        EventJudge.Verdict verdict = flow.judge().judge(raw.value(), null, 1_000_000);
        assertThat(verdict).isInstanceOf(EventJudge.Verdict.Enriched.class);
        return new OutgoingRecords(flow, new TopicId("AAAAAAAAAAAAAAAAAAAAAA"))
                .enriched(raw, (EventJudge.Verdict.Enriched) verdict);
    }

    @Test
    void valueAndKeyAreProtectedAndThePartitionIsThatOfRaw() {
        ProducerRecord<byte[], byte[]> record =
                enriched(HASHING, "{\"x\":\"?\", \"mail\": \"\\u0061na@example.org\", \"age\":30}");

        assertThat(new String(record.value(), UTF_8))
                .isEqualTo("{\"mail\":\"" + ANA + "\",\"eu\":true}");
        assertThat(new String(record.key(), UTF_8)).isEqualTo(ANA);
        assertThat(record.partition()).isEqualTo(3);
    }

    @Test
    void headersThatClientsFillFreelyAreNotHandedOn() {
        ProducerRecord<byte[], byte[]> record = enriched(HASHING, "{\"mail\":\"m\"}");

        assertThat(Arrays.stream(record.headers().toArray()).map(Header::key))
                .containsExactly(
                        EventHeaders.ID,
                        EventHeaders.SOURCE,
                        "ce_traceparent",
                        EventHeaders.POSITION,
                        EventHeaders.CONTRACT_VERSION,
                        EventHeaders.EVENT_TIME);
    }

    @Test
    void aContractThatProtectsNothingHandsEverythingOn() {
        ProducerRecord<byte[], byte[]> record = enriched(contract(""), "{\"mail\":\"m\"}");

        assertThat(EventHeader.text(record.headers(), "ce_subject")).isEqualTo("ana@example.org");
        assertThat(EventHeader.text(record.headers(), "x-forwarded-for")).isEqualTo("10.1.1.1");
        assertThat(new String(record.key(), UTF_8)).isEqualTo("ana@example.org");
    }

    @Test
    void withoutAKeyAContractThatHashesDoesNotStart() {
        assertThatThrownBy(() -> Flow.of(NAMES, HASHING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("contract visits hashes fields");
    }
}
