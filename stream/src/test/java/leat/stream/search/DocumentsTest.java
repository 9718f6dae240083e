package leat.stream.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.TopicId;
import leat.core.odcs.OdcsReader;
import leat.core.outcome.ReasonCode;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class DocumentsTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String RAW_ID = "BBBBBBBBBBBBBBBBBBBBBB";
    private static final String OWN_ID = "CCCCCCCCCCCCCCCCCCCCCC";
    private static final Map<String, String> HEADERS =
            Map.of(
                    EventHeaders.ID, "e-1",
                    EventHeaders.SOURCE, "fleet",
                    EventHeaders.EVENT_TIME, "1600000000000001",
                    EventHeaders.POSITION, RAW_ID + "/2@41",
                    EventHeaders.CONTRACT_VERSION, "1.2.0");

    private final EnrichedDocuments enriched = new EnrichedDocuments("i", SearchContracts.CARS);
    private final DeadDocuments dead = new DeadDocuments("d", Map.of("dead", new TopicId(OWN_ID)));

    @Test
    void addsMetadataBehindTheEventsOwnFields() {
        Document document = enriched.of(Records.record("t", 7, HEADERS, "{\"car\":\"c\"}"));

        assertThat(text(document))
                .isEqualTo(
                        "{\"car\":\"c\",\"leat_id\":\"e-1\",\"leat_source\":\"fleet\","
                                + "\"leat_time\":\"2020-09-13T12:26:40.000001Z\","
                                + "\"leat_appended\":\"2023-11-14T22:13:20.123Z\","
                                + "\"leat_partition\":2,\"leat_offset\":41,"
                                + "\"leat_version\":\"1.2.0\"}");
        assertThat(item(document).id()).isEqualTo(Hash128.of("fleet", "e-1").toString());
    }

    @Test
    void keepsTheDigitsOfNumbersAndFieldsNobodyKnows() {
        String event =
                "{\"speed\":1.10000000000000000001,\"trip\":9007199254740993,"
                        + "\"extra\":{\"x\":[1e3,null,true,\"ü\"]}}";

        Document document = enriched.of(Records.record("t", 7, HEADERS, event));

        assertThat(text(document)).startsWith(event.substring(0, event.length() - 1));
    }

    @Test
    void writesInstantsAndDaysInOneForm() {
        String event =
                "{\"day\":\"24.12.2026\",\"seen\":1700000000000001,\"local\":\"2026-07-01 12:00\","
                        + "\"tyres\":[{\"pressure\":3,\"checked\":1000},{\"checked\":null}]}";

        JsonNode document =
                JSON.readTree(text(enriched.of(Records.record("t", 7, HEADERS, event))));

        assertThat(document.path("day").asString()).isEqualTo("2026-12-24");
        assertThat(document.path("seen").asString()).isEqualTo("2023-11-14T22:13:20.000001Z");
        assertThat(document.path("local").asString()).isEqualTo("2026-07-01T10:00:00Z");
        assertThat(document.at("/tyres/0/checked").asString()).isEqualTo("1970-01-01T00:00:01Z");
        assertThat(document.at("/tyres/1/checked").isNull()).isTrue();
    }

    @Test
    void writesFormerNamesAsTheyAreToday() {
        Contract contract =
                OdcsReader.read(
                                Path.of("car.odcs.yaml"),
                                """
                                apiVersion: v3.1.0
                                kind: DataContract
                                id: car
                                version: 1.1.0
                                status: active
                                schema:
                                  - name: car
                                    properties:
                                      - name: seen_at
                                        logicalType: timestamp
                                        logicalTypeOptions: {format: epoch-seconds}
                                        customProperties:
                                          - {property: leat.renamedFrom, value: seen}
                                """)
                        .orThrow();

        Document document =
                new EnrichedDocuments("i", contract)
                        .of(Records.record("t", 7, HEADERS, "{\"seen\":1,\"other\":2}"));

        assertThat(text(document)).startsWith("{\"seen_at\":\"1970-01-01T00:00:01Z\",\"other\":2,");
    }

    @Test
    void leavesTimesItCannotReadToTheEngine() {
        String event = "{\"seen\":1e999999999,\"day\":\"never\"}";

        Document document = enriched.of(Records.record("t", 7, HEADERS, event));

        assertThat(text(document)).startsWith("{\"seen\":1e999999999,\"day\":\"never\"");
    }

    @Test
    void saysWhyARecordCannotBeADocument() {
        assertThat(code(enriched.of(Records.record("t", 1, HEADERS, "[1]"))))
                .isEqualTo(ReasonCode.NOT_AN_OBJECT);
        assertThat(code(enriched.of(Records.record("t", 1, HEADERS, "{\"a\":"))))
                .isEqualTo(ReasonCode.MALFORMED);
        assertThat(code(enriched.of(Records.record("t", 1, HEADERS, (byte[]) null))))
                .isEqualTo(ReasonCode.NOT_AN_OBJECT);
        assertThat(code(enriched.of(Records.record("t", 1, Map.of(), "{}"))))
                .isEqualTo(ReasonCode.MISSING);
    }

    @Test
    void keepsADeadLettersPayloadAndReasons() {
        Map<String, String> headers =
                Map.of(
                        EventHeaders.STAGE, "enricher",
                        EventHeaders.DEAD_ID, "0123456789abcdef0123456789abcdef",
                        EventHeaders.POSITION, RAW_ID + "/2@41",
                        EventHeaders.REASONS,
                                "[{\"code\":\"type\",\"field\":\"speed\",\"message\":\"not a number\"}]");

        Document document = dead.of(Records.record("dead", 7, headers, "{\"speed\":\"fast\""));

        JsonNode json = JSON.readTree(text(document));
        assertThat(item(document).id()).isEqualTo("0123456789abcdef0123456789abcdef");
        assertThat(json.path("payload").asString()).isEqualTo("{\"speed\":\"fast\"");
        assertThat(json.path("reason_codes").toString()).isEqualTo("[\"type\"]");
        assertThat(json.path("reason_fields").toString()).isEqualTo("[\"speed\"]");
        assertThat(json.path("leat_topic_id").asString()).isEqualTo(RAW_ID);
        assertThat(json.path("leat_offset").asLong()).isEqualTo(41);
    }

    @Test
    void makesADocumentOfADeadLetterWithoutAnyHeader() {
        Document document =
                dead.of(Records.record("dead", 7, Map.of(), new byte[] {(byte) 0xff, 0x00}));

        JsonNode json = JSON.readTree(text(document));
        assertThat(json.path("payload_base64").asString()).isEqualTo("/wA=");
        assertThat(json.path("leat_topic_id").asString()).isEqualTo(OWN_ID);
        assertThat(json.path("leat_offset").asLong()).isEqualTo(7);
        assertThat(item(document).id()).matches("[0-9a-f]{32}");
    }

    private static BulkItem item(Document document) {
        return ((Document.Ready) document).item();
    }

    private static String text(Document document) {
        return item(document).documentText();
    }

    private static ReasonCode code(Document document) {
        return ((Document.Impossible) document).reason().code();
    }
}
