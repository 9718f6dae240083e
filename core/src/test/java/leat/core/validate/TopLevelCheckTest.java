package leat.core.validate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.validate.TopLevelCheck.Result;
import leat.core.validate.TopLevelCheck.Result.Passed;
import leat.core.validate.TopLevelCheck.Result.Refused;
import org.junit.jupiter.api.Test;

class TopLevelCheckTest {

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
                                  - {name: n, logicalType: integer, required: true, primaryKey: true}
                                  - {name: s, logicalType: string, required: true, primaryKey: true}
                                  - {name: t, logicalType: timestamp}
                                  - name: car
                                    logicalType: object
                                    properties:
                                      - {name: id, logicalType: string}
                            customProperties:
                              - {property: leat.key, value: car.id}
                              - {property: leat.time, value: t}
                            """)
                    .orThrow();

    private final TopLevelCheck check = new TopLevelCheck(CONTRACT);

    private Result check(String json) {
        return check.check(json.getBytes(StandardCharsets.UTF_8));
    }

    private ReasonCode refusal(String json) {
        Result result = check(json);
        assertThat(result).isInstanceOf(Refused.class);
        return ((Refused) result).reasons().getFirst().code();
    }

    @Test
    void keyIdAndTimeArePicked() {
        Result result =
                check(
                        "{\"s\":\"a|b\\\\\",\"car\":{\"id\":\"c1\"},\"n\":5,\"t\":\"1970-01-01T00:00:01Z\"}");

        assertThat(result).isEqualTo(new Passed("c1", "5|a\\|b\\\\", OptionalLong.of(1_000_000)));
    }

    @Test
    void equalValuesHaveEqualTexts() {
        for (String five : List.of("5", "5.0", "5e0", "0.5e1", "50e-1")) {
            assertThat(check("{\"n\": " + five + ", \"s\": \"x\"}"))
                    .isEqualTo(new Passed(null, "5|x", OptionalLong.empty()));
        }
    }

    @Test
    void fieldsThatAreAbsentOrOfAnotherTypeGiveNoText() {
        Passed nothing = new Passed(null, null, OptionalLong.empty());

        assertThat(check("{}")).isEqualTo(nothing);
        assertThat(check("{\"n\": \"5\", \"s\": \"x\"}")).isEqualTo(nothing);
        assertThat(check("{\"n\": null, \"s\": \"x\", \"t\": \"soon\"}")).isEqualTo(nothing);
        assertThat(check("{\"n\": 5.5, \"s\": \"x\", \"car\": [1]}")).isEqualTo(nothing);
        assertThat(check("{\"n\": 1e999999999, \"s\": \"x\"}")).isEqualTo(nothing);
        assertThat(check("{\"n\": 1, \"s\": \"\\ud800\"}")).isEqualTo(nothing);
    }

    @Test
    void whatIsNoSoundObjectIsRefused() {
        assertThat(refusal("")).isEqualTo(ReasonCode.MALFORMED);
        assertThat(refusal("{\"a\":1}x")).isEqualTo(ReasonCode.MALFORMED);
        assertThat(refusal("{\"a\":\"\u0001\"}")).isEqualTo(ReasonCode.MALFORMED);
        assertThat(refusal("\"a\"")).isEqualTo(ReasonCode.NOT_AN_OBJECT);
        assertThat(refusal("{\"n\":1,\"n\":1}")).isEqualTo(ReasonCode.DUPLICATE_KEY);
        assertThat(refusal("{\"u\":1,\"u\":1}")).isEqualTo(ReasonCode.DUPLICATE_KEY);
        assertThat(refusal("{\"car\":{\"id\":1,\"id\":1}}")).isEqualTo(ReasonCode.DUPLICATE_KEY);
        assertThat(refusal("{\"u\":[[{\"v\":1,\"v\":1}]]}")).isEqualTo(ReasonCode.DUPLICATE_KEY);
        assertThat(refusal("{\"u\":" + "[".repeat(64) + "]".repeat(64) + "}"))
                .isEqualTo(ReasonCode.TOO_DEEP);
        assertThat(check("{\"u\":" + "[".repeat(63) + "]".repeat(63) + "}"))
                .isInstanceOf(Passed.class);
        assertThat(check("{\"u\":{\"v\":1},\"v\":1,\"w\":{\"v\":1}}")).isInstanceOf(Passed.class);
    }

    @Test
    void aReasonSaysWhereTheBytesGoWrong() {
        Reason reason = ((Refused) check("{\"n\": 1, oops}")).reasons().getFirst();

        assertThat(reason.message()).contains("at byte 9");
    }

    @Test
    void aPartOfALargerArrayIsCheckedByItself() {
        byte[] batch = "[{\"n\":1,\"s\":\"x\"},{}]".getBytes(StandardCharsets.UTF_8);

        assertThat(check.check(batch, 1, 15))
                .isEqualTo(new Passed(null, "1|x", OptionalLong.empty()));
    }
}
