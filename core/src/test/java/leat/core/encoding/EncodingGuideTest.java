package leat.core.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;
import leat.core.outcome.Outcome;
import leat.core.validate.Validator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncodingGuideTest {

    @TempDir Path folder;

    @Test
    void theSchemaContractAndEventOfTheGuideFitTogether() throws IOException {
        String page = Files.readString(Path.of("../docs/how-to/send-avro-or-protobuf.md"));
        AvroContracts.write(
                folder, "tyre-reading.avsc", first(page, "```json\n(.*?)```").getBytes(UTF_8));
        Contract contract =
                OdcsReader.read(
                                folder.resolve("tyre-reading.odcs.yaml"),
                                first(page, "```yaml\n(.*?)```"))
                        .orThrow();
        byte[] event = Base64.getDecoder().decode(first(page, "\"data_base64\": \"(.*?)\""));

        String json =
                AvroContracts.json(
                        AvroContracts.decoder(contract)
                                .decode(
                                        "application/avro",
                                        event,
                                        Map.of(
                                                        "ce_subject",
                                                        "car7",
                                                        "ce_time",
                                                        "2026-11-21T08:15:00Z")
                                                ::get));

        assertThat(json)
                .isEqualTo(
                        "{\"car\":\"car7\",\"time\":\"2026-11-21T08:15:00Z\",\"wheel\":\"FL\","
                                + "\"pressure\":2.1}");
        assertThat(Validator.forRaw(contract).validate(json.getBytes(UTF_8)))
                .isInstanceOf(Outcome.Valid.class);
    }

    private static String first(String page, String pattern) {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(page);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }
}
