package leat.core.odcs;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import leat.core.contract.Contract;
import leat.core.outcome.Outcome;
import leat.core.outcome.Outcome.Rejected;
import leat.core.outcome.Outcome.Valid;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.validate.Validator;
import org.junit.jupiter.api.Test;

class ContractReferenceTest {

    @Test
    void theExampleOfTheReferencePageIsSoundAndJudgesEvents() throws IOException {
        String page = Files.readString(Path.of("../docs/reference/contract.md"));
        int start = page.indexOf("```yaml\n") + "```yaml\n".length();
        String example = page.substring(start, page.indexOf("```", start));

        Contract contract = OdcsReader.read(Path.of("order-placed.odcs.yaml"), example).orThrow();

        assertThat(
                        Validator.forRaw(contract)
                                .validate(
                                        """
                                        {"order": 1, "placed": "2026-11-21T01:02:03Z",
                                         "customer": {"id": "C1", "mail": "a@b.org"},
                                         "lines": [{"sku": "x", "count": 2}], "total": 9.99}
                                        """
                                                .getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Valid.class);
    }

    @Test
    void theContractOfTheTutorialIsSoundAndRefusesTheBrokenRow() throws IOException {
        String page = Files.readString(Path.of("../docs/tutorial/first-contract.md"));
        Matcher blocks = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL).matcher(page);
        String text = blocks.results().map(block -> block.group(1)).collect(joining());

        Contract contract = OdcsReader.read(Path.of("parcel-scan.odcs.yaml"), text).orThrow();

        assertThat(judge(contract, "P100001", "hamburg")).isInstanceOf(Valid.class);
        assertThat(judge(contract, "P1004", "wien"))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected ->
                                assertThat(rejected.reasons())
                                        .extracting(Reason::code)
                                        .containsExactly(ReasonCode.PATTERN, ReasonCode.ENUM));
    }

    private static Outcome judge(Contract contract, String parcel, String depot) {
        String event =
                """
                {"parcel": "%s", "scanned": "2026-01-16T06:03:40Z", "depot": "%s"}
                """
                        .formatted(parcel, depot);
        return Validator.forRaw(contract).validate(event.getBytes(StandardCharsets.UTF_8));
    }
}
