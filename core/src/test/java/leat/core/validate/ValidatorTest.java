package leat.core.validate;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.contract.Contract.TimeBounds;
import leat.core.odcs.OdcsReader;
import leat.core.outcome.Outcome;
import leat.core.outcome.Outcome.Rejected;
import leat.core.outcome.Outcome.Valid;
import leat.core.outcome.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ValidatorTest {

    private static final String CONTRACT =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: thing
            version: 1.0.0
            status: active
            schema:
              - name: thing
                properties:
                  - {name: id, logicalType: integer, required: true, logicalTypeOptions: {minimum: 1}}
                  - {name: name, logicalType: string, logicalTypeOptions: {minLength: 2, maxLength: 5}}
                  - {name: code, logicalType: string, logicalTypeOptions: {pattern: "^[a-z]+$"}}
                  - {name: ip, logicalType: string, logicalTypeOptions: {format: ipv6}}
                  - name: mode
                    logicalType: string
                    customProperties: [{property: leat.enum, value: [on, off]}]
                  - {name: x, logicalType: number, logicalTypeOptions: {exclusiveMaximum: 10, multipleOf: 0.5}}
                  - {name: price, logicalType: number, physicalType: "decimal(6,2)"}
                  - {name: ok, logicalType: boolean}
                  - {name: day, logicalType: date}
                  - {name: at, logicalType: time}
                  - {name: when, logicalType: timestamp}
                  - {name: epoch, logicalType: timestamp, logicalTypeOptions: {format: epoch-seconds}}
                  - name: berlin
                    logicalType: timestamp
                    logicalTypeOptions: {format: "yyyy-MM-dd HH:mm", defaultTimezone: Europe/Berlin}
                  - name: list
                    logicalType: array
                    logicalTypeOptions: {maxItems: 3, uniqueItems: true}
                    items: {logicalType: integer}
                  - name: part
                    logicalType: object
                    properties:
                      - {name: a, logicalType: integer, required: true}
                  - {name: site, logicalType: string}
            customProperties:
              - {property: leat.unknownFields, value: POLICY}
              - {property: leat.enrich, value: [{field: site, constant: here}]}
            """;

    private static Contract contract(String policy) {
        return OdcsReader.read(Path.of("thing.odcs.yaml"), CONTRACT.replace("POLICY", policy))
                .orThrow();
    }

    private final Validator validator = Validator.forRaw(contract("reject"));

    private Row row(String json) {
        Outcome outcome = validator.validate(json.getBytes(StandardCharsets.UTF_8));
        assertThat(outcome).isInstanceOf(Valid.class);
        return ((Valid) outcome).row();
    }

    private List<String> reasons(String json) {
        return reasons(validator, json.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> reasons(Validator validator, byte[] json) {
        return switch (validator.validate(json)) {
            case Valid _ -> List.of();
            case Rejected(List<Reason> reasons) ->
                    reasons.stream().map(r -> r.code().word() + " " + r.field()).toList();
        };
    }

    @Test
    void everyTypeIsReadIntoItsValueClass() {
        Row row =
                row(
                        """
                        {"id": 1e3, "name": "añ😀", "x": 1.5, "price": 12.3, "ok": true,
                         "day": "2024-02-29", "at": "10:11:12.5",
                         "when": "2026-11-21T01:02:03.123456789+01:00", "epoch": 1567606196.25,
                         "berlin": "2026-07-01 12:00", "list": [1, 2.0], "part": {"a": -0},
                         "code": null}
                        """);

        assertThat(row.value("id")).isEqualTo(1000L);
        assertThat(row.value("name")).isEqualTo("añ😀");
        assertThat(row.value("x")).isEqualTo(1.5);
        assertThat(row.value("price")).isEqualTo(new BigDecimal("12.30"));
        assertThat(row.value("ok")).isEqualTo(true);
        assertThat(row.value("day")).isEqualTo(LocalDate.of(2024, 2, 29));
        assertThat(row.value("at")).isEqualTo(LocalTime.of(10, 11, 12, 500_000_000));
        assertThat(row.value("when")).isEqualTo(Instant.parse("2026-11-21T00:02:03.123456Z"));
        assertThat(row.value("epoch")).isEqualTo(Instant.parse("2019-09-04T14:09:56.250Z"));
        assertThat(row.value("berlin")).isEqualTo(Instant.parse("2026-07-01T10:00:00Z"));
        assertThat(row.value("list")).isEqualTo(List.of(1L, 2L));
        assertThat(row.value("part"))
                .isInstanceOfSatisfying(
                        Row.class, part -> assertThat(part.value("a")).isEqualTo(0L));
        assertThat(row.value("code")).isNull();
        assertThat(row.value("site")).isNull();
    }

    @Test
    void everyReasonIsReportedAtOnceWithItsPath() {
        List<String> reasons =
                reasons(
                        """
                        {"id": 0, "name": "a", "code": "A1", "ip": "1::2::3", "mode": "auto",
                         "x": 10, "price": 1.234, "ok": "yes", "day": "2023-02-29", "at": "25:00:00",
                         "when": "2026-11-21T01:02:03", "epoch": "x", "berlin": "2026-02-30 12:00",
                         "list": [1, "2", null, 1, 1], "part": {"b": 1}, "site": "x", "nam": 1}
                        """);

        assertThat(reasons)
                .containsExactlyInAnyOrder(
                        "range id",
                        "length name",
                        "pattern code",
                        "format ip",
                        "enum mode",
                        "range x",
                        "range price",
                        "type ok",
                        "format day",
                        "format at",
                        "time-zone when",
                        "type epoch",
                        "format berlin",
                        "type list[1]",
                        "null list[2]",
                        "length list",
                        "unique-items list",
                        "unknown-field part.b",
                        "missing part.a",
                        "added-field site",
                        "unknown-field nam");
    }

    @Test
    void integersKeepToSixtyFourBits() {
        assertThat(row("{\"id\": 9223372036854775807}").value("id")).isEqualTo(Long.MAX_VALUE);
        assertThat(row("{\"id\": 1.000}").value("id")).isEqualTo(1L);
        assertThat(reasons("{\"id\": 9223372036854775808}")).containsExactly("type id");
        assertThat(reasons("{\"id\": 1.5}")).containsExactly("type id");
        assertThat(reasons("{\"id\": 1e999999999}")).containsExactly("type id");
        assertThat(reasons("{\"id\": 1e-999999999}")).containsExactly("type id");
        assertThat(reasons("{\"id\": 9e6854775808}")).containsExactly("type id");
        assertThat(reasons("{\"id\": 1, \"price\": 1e6854775808}")).containsExactly("range price");
        assertThat(reasons("{\"id\": 1, \"epoch\": 1e6854775808}")).containsExactly("range epoch");
        assertThat(reasons("{\"id\": 1, \"price\": 1e999999999}")).containsExactly("range price");
        assertThat(reasons("{\"id\": 1, \"x\": 1e400}")).containsExactly("range x");
        assertThat(reasons("{\"id\": 1, \"x\": 0.3}")).containsExactly("multiple-of x");
        assertThat(reasons("{\"id\": 1, \"epoch\": 1e999999999}")).containsExactly("range epoch");
    }

    @Test
    void whatIsNotSoundJsonHasOneReason() {
        assertThat(reasons("")).containsExactly("malformed ");
        assertThat(reasons("[1]")).containsExactly("not-an-object ");
        assertThat(reasons("5")).containsExactly("not-an-object ");
        assertThat(reasons("{\"id\": 1} {}")).containsExactly("malformed ");
        assertThat(reasons("{\"id\": 1,}")).containsExactly("malformed ");
        assertThat(reasons("{\"id\": NaN}")).containsExactly("malformed ");
        assertThat(reasons("{\"id\": 01}")).containsExactly("malformed ");
        assertThat(reasons("{'id': 1}")).containsExactly("malformed ");
        assertThat(reasons("{\"id\": 1")).containsExactly("malformed ");
        assertThat(reasons("\uFEFF{\"id\": 1}")).containsExactly("malformed ");
        assertThat(reasons("{\"id\": 1, \"name\": \"a\\ud800b\"}"))
                .containsExactly("malformed name");
        assertThat(reasons("{\"id\": " + "1".repeat(2000) + "}")).containsExactly("malformed ");
        assertThat(reasons(validator, "{\"id\": 1}".getBytes(StandardCharsets.UTF_16LE)))
                .containsExactly("malformed ");
        assertThat(reasons("{\"id\": 1, \"z\": " + "[".repeat(64) + "]".repeat(64) + "}"))
                .containsExactly("too-deep z");
    }

    @Test
    void bytesThatAreNotStrictUtf8AreRefused() {
        for (int[] bad :
                new int[][] {
                    {0xC0, 0x80},
                    {0xED, 0xA0, 0x80},
                    {0xF5, 0x80, 0x80, 0x80},
                    {0x80},
                    {0xE2, 0x82},
                    {0xE0, 0x80, 0x80},
                    {0xF0, 0x80, 0x80, 0x80},
                    {0xF4, 0x90, 0x80, 0x80}
                }) {
            byte[] json = "{\"id\":1,\"name\":\"____xx\"}".getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < bad.length; i++) {
                json[16 + i] = (byte) bad[i];
            }

            assertThat(reasons(validator, json)).containsExactly("malformed ");
        }
    }

    @Test
    void aKeyThatStandsTwiceIsRefusedAtEveryLevel() {
        Validator keeping = Validator.forRaw(contract("keep"));

        assertThat(reasons("{\"id\": 1, \"id\": 2}")).containsExactly("duplicate-key id");
        assertThat(reasons("{\"id\": 1, \"\\u0069d\": 2}")).containsExactly("duplicate-key id");
        assertThat(reasons("{\"id\": 1, \"part\": {\"a\": 1, \"a\": 1}}"))
                .containsExactly("duplicate-key part.a");
        assertThat(reasons(keeping, bytes("{\"id\": 1, \"u\": 1, \"u\": 2}")))
                .containsExactly("duplicate-key u");
        assertThat(reasons(keeping, bytes("{\"id\": 1, \"u\": [{\"v\": 1, \"v\": 2}]}")))
                .containsExactly("duplicate-key u[0].v".replace("[0]", ""));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void unknownFieldsArePolicy() {
        Outcome kept = Validator.forRaw(contract("keep")).validate(bytes("{\"id\": 1, \"u\": {}}"));
        Outcome none = Validator.forRaw(contract("keep")).validate(bytes("{\"id\": 1}"));
        Outcome enriched =
                Validator.forEnriched(contract("reject"))
                        .validate(bytes("{\"id\": 1, \"u\": {}, \"site\": \"here\"}"));

        assertThat(((Valid) kept).unknownFields()).isTrue();
        assertThat(((Valid) none).unknownFields()).isFalse();
        assertThat(((Valid) enriched).row().value("site")).isEqualTo("here");
    }

    @Test
    void enrichedEventsOfAnEarlierVersionAreReadUnderFormerNames() {
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
                                      - name: velocity
                                        logicalType: integer
                                        required: true
                                        customProperties:
                                          - {property: leat.renamedFrom, value: speed}
                                """)
                        .orThrow();
        Validator enriched = Validator.forEnriched(contract);

        assertThat(velocity(enriched, "{\"speed\": 1}")).isEqualTo(1L);
        assertThat(velocity(enriched, "{\"velocity\": 2}")).isEqualTo(2L);
        assertThat(velocity(enriched, "{\"speed\": 1, \"velocity\": 2}")).isEqualTo(2L);
        assertThat(velocity(enriched, "{\"velocity\": 2, \"speed\": 1}")).isEqualTo(2L);
        assertThat(enriched.validate(bytes("{\"speed\": null}"))).isInstanceOf(Rejected.class);
        assertThat(enriched.validate(bytes("{\"speed\": \"x\"}"))).isInstanceOf(Rejected.class);
        assertThat(Validator.forRaw(contract).validate(bytes("{\"speed\": 1}")))
                .as("clients have to send the new name")
                .isInstanceOf(Rejected.class);
    }

    private static @Nullable Object velocity(Validator validator, String json) {
        return ((Valid) validator.validate(bytes(json))).row().value("velocity");
    }

    @Test
    void reasonsAreCapped() {
        StringBuilder json = new StringBuilder("{\"id\": 1");
        for (int i = 0; i < 5000; i++) {
            json.append(", \"u").append(i).append("\": 1");
        }

        assertThat(reasons(json.append('}').toString())).hasSize(Rejected.MAX_REASONS);
    }

    @Test
    void namesChosenToCollideStayCheap() {
        List<String> names = new ArrayList<>(List.of(""));
        while (names.size() < 1 << 15) {
            List<String> longer = new ArrayList<>();
            for (String name : names) {
                longer.add(name + "Aa");
                longer.add(name + "BB");
            }
            names = longer;
        }
        StringBuilder json = new StringBuilder("{\"id\": 1");
        for (String name : names) {
            json.append(", \"").append(name).append("\": 1");
        }
        String twice = json + ", \"" + names.getLast() + "\": 1}";
        Validator keeping = Validator.forRaw(contract("keep"));

        assertThat(reasons(keeping, bytes(json + "}"))).isEmpty();
        assertThat(reasons(keeping, bytes(twice))).hasSize(1);
    }

    @Test
    void timesOutsideTheBoundsAreNotBelieved() {
        Instant now = Instant.parse("2026-11-21T00:00:00Z");
        TimeBounds bounds = new TimeBounds(Duration.ofDays(1), Duration.ofHours(1));

        assertThat(EventTime.check(now.minus(Duration.ofDays(1)), now, bounds, "t")).isNull();
        assertThat(EventTime.check(now.plus(Duration.ofHours(1)), now, bounds, "t")).isNull();
        assertThat(EventTime.check(now.plusSeconds(3601), now, bounds, "t")).isNotNull();
        assertThat(EventTime.check(now.minusSeconds(86401), now, bounds, "t")).isNotNull();
    }
}
