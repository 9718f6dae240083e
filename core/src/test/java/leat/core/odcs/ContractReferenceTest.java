package leat.core.odcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import leat.core.contract.Contract;
import leat.core.outcome.Outcome.Valid;
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
}
