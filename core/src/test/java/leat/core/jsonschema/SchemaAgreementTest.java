package leat.core.jsonschema;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;
import leat.core.outcome.Outcome;
import leat.core.validate.Validator;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The validator and an independent JSON Schema implementation on the exported schema have to say
/// the same of every document.
class SchemaAgreementTest {

    private static final int CONTRACTS = 240;
    private static final int DOCUMENTS = 420;

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
                    .build();

    @Test
    void theExportedSchemaAgreesWithTheValidatorOnRandomDocuments() {
        long seed = Long.getLong("leat.seed", System.nanoTime());
        System.out.println("SchemaAgreementTest seed " + seed);
        Random random = new Random(seed);
        List<String> disagreements = new ArrayList<>();
        int valid = 0;
        int refused = 0;
        for (int c = 0; c < CONTRACTS; c++) {
            RandomEvents generator = new RandomEvents(new Random(random.nextLong()));
            String yaml = generator.contract();
            Contract contract = OdcsReader.read(Path.of("random.odcs.yaml"), yaml).orThrow();
            Validator validator = Validator.forRaw(contract);
            String exported = JsonSchemaExport.of(contract);
            Schema schema =
                    SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(MAPPER.readTree(exported));
            for (int d = 0; d < DOCUMENTS; d++) {
                String document =
                        d % 2 == 0 ? generator.document() : acceptable(generator, validator);
                JsonNode tree = MAPPER.readTree(document);
                boolean ours =
                        validator.validate(document.getBytes(StandardCharsets.UTF_8))
                                instanceof Outcome.Valid;
                boolean theirs = schema.validate(tree).isEmpty();
                valid += ours ? 1 : 0;
                refused += ours ? 0 : 1;
                if (ours != theirs && disagreements.size() < 5) {
                    disagreements.add(
                            (ours ? "only Leat accepts " : "only the schema accepts ")
                                    + document
                                    + "\nours: "
                                    + validator.validate(document.getBytes(StandardCharsets.UTF_8))
                                    + "\ntheirs: "
                                    + schema.validate(tree)
                                    + "\n"
                                    + exported);
                }
            }
        }

        assertThat(disagreements).as("seed %d", seed).isEmpty();
        assertThat(valid + refused).isGreaterThanOrEqualTo(100_000);
        assertThat(valid).isGreaterThan(15_000);
        assertThat(refused).isGreaterThan(15_000);
    }

    /// A document that Leat accepts, so that enough of them are; any after some trials.
    private static String acceptable(RandomEvents generator, Validator validator) {
        String document = generator.document();
        for (int trial = 0; trial < 40; trial++) {
            if (validator.validate(document.getBytes(StandardCharsets.UTF_8))
                    instanceof Outcome.Valid) {
                return document;
            }
            document = generator.document();
        }
        return document;
    }
}
