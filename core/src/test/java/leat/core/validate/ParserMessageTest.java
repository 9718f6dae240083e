package leat.core.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;
import leat.core.outcome.Outcome;
import leat.core.outcome.Outcome.Rejected;
import leat.core.outcome.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class ParserMessageTest {

    private static final Contract CONTRACT =
            OdcsReader.read(
                            Path.of("thing.odcs.yaml"),
                            """
                            apiVersion: v3.1.0
                            kind: DataContract
                            id: thing
                            version: 1.0.0
                            status: active
                            schema:
                              - name: thing
                                properties:
                                  - {name: id, logicalType: integer}
                            """)
                    .orThrow();

    private static String message(String json) {
        return ParserMessage.of(
                catchThrowableOfType(
                        JacksonException.class, () -> new JsonMapper().readTree(json)));
    }

    private static String reason(String json) {
        Outcome outcome =
                Validator.forRaw(CONTRACT).validate(json.getBytes(StandardCharsets.UTF_8));
        assertThat(outcome).isInstanceOf(Rejected.class);
        List<Reason> reasons = ((Rejected) outcome).reasons();
        return reasons.getFirst().message();
    }

    @Test
    void whatIsWrongIsKept() {
        assertThat(message("{\"id\": 1"))
                .isEqualTo("Unexpected end-of-input: expected close marker for Object");
        assertThat(message("{\"id\": 1]")).isEqualTo("Unexpected close marker ']': expected '}'");
        assertThat(message("{\"id\": NaN}")).isEqualTo("Non-standard token 'NaN'");
        assertThat(message("{\"id\": +1}")).endsWith("numbers to have plus signs");
        assertThat(message("{\"id\": /* one */ 1}")).endsWith("maybe a (non-standard) comment?");
    }

    @Test
    void aReasonOfARejectedEventSaysWhereItBreaksOff() {
        assertThat(reason("{\"id\": 1"))
                .isEqualTo(
                        "is not valid JSON, at byte 8: Unexpected end-of-input: expected close"
                                + " marker for Object");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\": 1",
                "{\"id\": 1]",
                "{\"id\": [1}",
                "{\"id\": NaN}",
                "{\"id\": -Infinity}",
                "{\"id\": +1}",
                "{\"id\": 0x1F}",
                "{\"id\": /* one */ 1}",
                "{\"id\": # one\n 1}",
                "{'id': 1}",
                "{id: 1}",
                "{\"id\": .5}",
                "{\"id\": 5.}",
                "{\"id\": 01}",
                "{\"id\": 1,}",
                "{\"id\": \"a\nb\"}",
                "{\"id\": \"\\q\"}",
                "{\"id\":\u001E 1}",
                "{\"id\": tru}"
            })
    void noSettingOfTheParserIsInTheReasonOfARejectedEvent(String json) {
        assertThat(reason(json))
                .startsWith("is not valid JSON, at byte ")
                .doesNotContain("`", "Feature", "ALLOW_", "Source", "marker at", "starting at");
    }

    @Test
    void aLimitIsNamedByItsNumberAlone() {
        assertThat(reason("{\"id\": " + "1".repeat(2_000) + "}"))
                .startsWith("beyond a limit: ")
                .endsWith("exceeds the maximum allowed (1000)");
        assertThat(message("[".repeat(1_000))).endsWith("exceeds the maximum allowed (500)");
    }
}
