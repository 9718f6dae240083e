package leat.core.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PayloadPatchTest {

    private static final Contract CONTRACT =
            OdcsReader.read(
                            Path.of("order.odcs.yaml"),
                            """
                            apiVersion: v3.1.0
                            kind: DataContract
                            id: order
                            version: 1.0.0
                            status: active
                            schema:
                              - name: order
                                properties:
                                  - {name: country, logicalType: string, required: true}
                                  - {name: total, logicalType: number, physicalType: "decimal(8,2)"}
                                  - {name: count, logicalType: integer}
                                  - {name: placed, logicalType: timestamp}
                                  - {name: tags, logicalType: array, items: {logicalType: string}}
                                  - name: customer
                                    logicalType: object
                                    properties:
                                      - {name: id, logicalType: string}
                                  - {name: region, logicalType: string}
                            customProperties:
                              - property: leat.enrich
                                value:
                                  - {field: region, constant: eu}
                            """)
                    .orThrow();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // What was there is replaced, and nothing else, blanks and digits included.
                "event.country = \"NL\" | { \"country\" :  null , \"total\": 1.50e0 } |"
                        + " { \"country\" :  \"NL\" , \"total\": 1.50e0 }",
                "event.count = 7 | {\"count\":1,\"x\":{\"count\":2}} |"
                        + " {\"count\":7,\"x\":{\"count\":2}}",
                "event.count = 7 | {\"count\":{\"a\":[1,{}]},\"b\":[2]} | {\"count\":7,\"b\":[2]}",
                "event.count = 7 | {\"b\":\"é\\u00e9\",\"count\":\"seven\"} |"
                        + " {\"b\":\"é\\u00e9\",\"count\":7}",
                "event.count = 7 | {\"count\":true} | {\"count\":7}",
                "event.count = 7 | {\"count\":12.5} | {\"count\":7}",
                // What was not there comes last.
                "event.country = \"NL\" | {} | {\"country\":\"NL\"}",
                "event.country = \"NL\" | {\"count\": 1 } | {\"count\": 1 ,\"country\":\"NL\"}",
                "event.customer.id = \"C1\" | {\"customer\":{}} | {\"customer\":{\"id\":\"C1\"}}",
                "event.customer.id = \"C1\" | {\"customer\":{\"id\":9},\"count\":1} |"
                        + " {\"customer\":{\"id\":\"C1\"},\"count\":1}",
                // Values are computed of the event as it is, and written as the contract has them.
                "event.country = event.country.upperAscii() | {\"country\":\"nl\"} |"
                        + " {\"country\":\"NL\"}",
                "event.count = int(event.count) + 1 | {\"count\":\"41\"} | {\"count\":42}",
                "event.total = event.count / 3.0 * 2.0 | {\"count\":1.0} |"
                        + " {\"count\":1.0,\"total\":0.67}",
                "event.country = has(event.land) ? event.land : \"DE\" | {\"land\":\"AT\"} |"
                        + " {\"land\":\"AT\",\"country\":\"AT\"}",
                "event.placed = timestamp(event.placed + \"Z\") |"
                        + " {\"placed\":\"2026-01-02T03:04:05\"} |"
                        + " {\"placed\":\"2026-01-02T03:04:05Z\"}",
                "event.tags = [event.country, \"b\\\"c\"] | {\"country\":\"NL\"} |"
                        + " {\"country\":\"NL\",\"tags\":[\"NL\",\"b\\\"c\"]}",
                "event.customer = {\"id\": \"C1\"} | {} | {\"customer\":{\"id\":\"C1\"}}",
                "event.customer = null | {\"customer\":3} | {\"customer\":null}",
            })
    void oneValueIsSetAndEveryOtherByteStays(String patch, String before, String after)
            throws PatchFailed {
        assertThat(apply(patch, before)).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "event.country = event.land | {\"count\":1} | land",
                "event.country = \"NL\" | {\"a\":1,\"a\":2} | uplicate",
                "event.country = \"NL\" | [1] | not a JSON object",
                "event.country = \"NL\" | {} {} | more follows",
                "event.country = \"NL\" | {\"country\": | not valid JSON",
                "event.customer.id = \"C1\" | {} | event.customer is not there",
                "event.customer.id = \"C1\" | {\"customer\":1} | event.customer is no object",
                "event.total = 1.0 / 0.0 | {} | no JSON",
            })
    void anEventThatCannotBeCorrectedSaysWhy(String patch, String before, String why) {
        assertThatThrownBy(() -> apply(patch, before))
                .isInstanceOf(PatchFailed.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "country = \"NL\" | sets nothing | event.country",
                "event.country | sets nothing | event.country",
                "event.contry = \"NL\" | no field 'contry' | 'country'",
                "event.country.code = \"NL\" | no field 'code' | whole value",
                "event.region = \"NL\" | the enricher sets region | step",
                "event.country = NL | undeclared reference to 'NL' | double quotes",
                "event.country = | no sound expression | CEL",
            })
    void aCorrectionThatCannotBeMeantIsRefusedWithTheRemedy(
            String patch, String message, String remedy) {
        assertThatThrownBy(() -> PayloadPatch.parse(CONTRACT, patch))
                .isInstanceOfSatisfying(
                        PatchRefused.class,
                        refused -> assertThat(refused.remedy()).contains(remedy))
                .hasMessageContaining(message);
    }

    @Test
    void laterCorrectionsSeeEarlierOnes() throws PatchFailed {
        String first = apply("event.count = 1", "{}");

        assertThat(apply("event.count = event.count + 1", first)).isEqualTo("{\"count\":2}");
    }

    private static String apply(String patch, String before) throws PatchFailed {
        byte[] after =
                PayloadPatch.parse(CONTRACT, patch).apply(before.getBytes(StandardCharsets.UTF_8));
        return new String(after, StandardCharsets.UTF_8);
    }
}
