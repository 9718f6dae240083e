package leat.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.contract.PayloadEncoding;
import leat.core.event.Names;
import leat.core.odcs.OdcsReader;
import leat.core.registry.Registration.Decision;
import leat.core.registry.SchemaText.SchemaType;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvroSchemasTest {

    private static final String CAR =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: car
            version: 1.0.0
            status: active
            schema:
              - name: car
                properties:
                  - {name: speed, logicalType: integer}
                  - {name: gear, logicalType: integer}
            customProperties:
              - {property: leat.encoding, value: {format: avro, schema: car.avsc}}
            """;
    private static final String RECORD =
            """
            {"type": "record", "name": "Car", "namespace": "fleet",
             "fields": [{"name": "speed", "type": "long"}]}
            """;
    private static final String WIDER =
            RECORD.replace("]}", ", {\"name\": \"gear\", \"type\": \"int\", \"default\": 0}]}");

    private final AvroSchemas schemas = new AvroSchemas(new Names("leat"));

    @TempDir private Path folder;

    @Test
    void theRecordHasASubjectOfItsOwn() throws IOException {
        Contract contract = contract(CAR, RECORD);

        List<SchemaText> texts = schemas.of(contract);

        assertThat(texts)
                .singleElement()
                .satisfies(text -> {
                    assertThat(text.subject()).isEqualTo("leat.raw.car.v1-fleet.Car");
                    assertThat(text.type()).isEqualTo(SchemaType.AVRO);
                    assertThat(new Schema.Parser().parse(text.text()))
                            .isEqualTo(new Schema.Parser().parse(RECORD));
                });
    }

    @Test
    void aContractKnowsWhatItsEarlierVersionsWereWrittenWith() throws IOException {
        ContractRegistry registry = registered(CAR, RECORD, ContractRegistry.EMPTY);
        String later = CAR.replace("1.0.0", "1.1.0");
        registry = registered(later, WIDER, registry);

        Map<Integer, Schema> writers = writers(contract(later, WIDER), registry);

        assertThat(writers)
                .isEqualTo(
                        Map.of(
                                1, new Schema.Parser().parse(RECORD),
                                2, new Schema.Parser().parse(WIDER)));
    }

    @Test
    void whatTheContractListsGoesFirst() throws IOException {
        ContractRegistry registry = registered(CAR, RECORD, ContractRegistry.EMPTY);
        String listing = CAR.replace("car.avsc}", "car.avsc, schemaIds: {1: car.avsc}}");

        Map<Integer, Schema> writers = writers(contract(listing, WIDER), registry);

        assertThat(writers).isEqualTo(Map.of(1, new Schema.Parser().parse(WIDER)));
    }

    private Map<Integer, Schema> writers(Contract contract, ContractRegistry registry) {
        Contract joined =
                schemas.withWriters(new Contracts(List.of(contract)), registry).all().getFirst();
        return switch (joined.encoding().orElseThrow()) {
            case PayloadEncoding.Avro avro -> avro.writers();
            case PayloadEncoding.Protobuf _ -> throw new AssertionError("is Avro");
        };
    }

    private ContractRegistry registered(String odcs, String record, ContractRegistry registry)
            throws IOException {
        Contract contract = contract(odcs, record);
        Registration command = new Registration(contract, odcs, schemas.of(contract));
        return switch (command.decide(registry, Instant.EPOCH)) {
            case Decision.Register(RegisteredVersion event, var _) -> registry.apply(event);
            case Decision.Keep _, Decision.Refuse _ -> throw new AssertionError("not registered");
        };
    }

    private Contract contract(String odcs, String record) throws IOException {
        Files.writeString(folder.resolve("car.avsc"), record);
        return OdcsReader.read(folder.resolve("car.odcs.yaml"), odcs).orThrow();
    }
}
