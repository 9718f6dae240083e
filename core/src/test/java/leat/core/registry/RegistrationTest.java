package leat.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.odcs.OdcsReader;
import leat.core.registry.Registration.Decision;
import org.junit.jupiter.api.Test;

class RegistrationTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(60);
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
                  - {name: site, logicalType: string}
            customProperties:
              - {property: leat.enrich, value: [{field: site, constant: here}]}
            """;
    private static final String WIDER =
            CAR.replace("1.0.0", "1.1.0")
                    .replace(
                            "  - {name: site",
                            "  - {name: gear, logicalType: integer}\n      - {name: site");

    @Test
    void aFirstVersionIsRegisteredWithASchemaForEachTopic() {
        RegisteredVersion event = event(decide(CAR, ContractRegistry.EMPTY, NOW));

        assertThat(event.registered()).isEqualTo(NOW);
        assertThat(event.schemas())
                .extracting(
                        RegisteredSchema::subject, RegisteredSchema::id, RegisteredSchema::number)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("leat.raw.car.v1-value", 1, 1),
                        org.assertj.core.groups.Tuple.tuple("leat.enriched.car.v1-value", 2, 1));
        assertThat(event.schemas().get(0).schema().text()).contains("\"site\": false");
        assertThat(event.schemas().get(1).schema().text()).doesNotContain("\"site\": false");
    }

    @Test
    void whatIsRegisteredAsItIsIsKept() {
        ContractRegistry registry =
                ContractRegistry.EMPTY.apply(event(decide(CAR, ContractRegistry.EMPTY, NOW)));

        assertThat(decide(CAR, registry, LATER)).isInstanceOf(Decision.Keep.class);
    }

    @Test
    void aCompatibleVersionFollowsWithTheNextIdsAndNumbers() {
        ContractRegistry registry =
                ContractRegistry.EMPTY.apply(event(decide(CAR, ContractRegistry.EMPTY, NOW)));

        ContractRegistry next = registry.apply(event(decide(WIDER, registry, LATER)));

        assertThat(next.subjects().getOrDefault("leat.raw.car.v1-value", new TreeMap<>()).values())
                .extracting(RegisteredSchema::id)
                .containsExactly(1, 3);
        assertThat(next.newest("car.v1"))
                .get()
                .extracting(RegisteredVersion::registered)
                .isEqualTo(LATER);
        assertThat(next.versions()).hasSize(2);
    }

    @Test
    void aVersionThatBreaksItsMajorIsRefusedAndANewMajorIsNot() {
        ContractRegistry registry =
                ContractRegistry.EMPTY.apply(event(decide(CAR, ContractRegistry.EMPTY, NOW)));
        String broken =
                CAR.replace(
                        "{name: speed, logicalType: integer}",
                        "{name: speed, logicalType: string}");

        assertThat(decide(broken.replace("1.0.0", "1.1.0"), registry, LATER))
                .isInstanceOfSatisfying(
                        Decision.Refuse.class,
                        refusal ->
                                assertThat(refusal.objection().message())
                                        .contains("speed: type integer became string"));
        assertThat(decide(broken, registry, LATER)).isInstanceOf(Decision.Refuse.class);
        assertThat(decide(broken.replace("1.0.0", "2.0.0"), registry, LATER))
                .isInstanceOf(Decision.Register.class);
    }

    @Test
    void anOlderVersionIsRefused() {
        ContractRegistry registry =
                ContractRegistry.EMPTY.apply(event(decide(WIDER, ContractRegistry.EMPTY, NOW)));

        assertThat(decide(CAR, registry, LATER))
                .isInstanceOfSatisfying(
                        Decision.Refuse.class,
                        refusal ->
                                assertThat(refusal.objection().message())
                                        .isEqualTo(
                                                "version 1.0.0 is lower than 1.1.0, which is there"));
    }

    @Test
    void aStatusChangesWithoutANewVersionAndKeepsTheIds() {
        ContractRegistry registry =
                ContractRegistry.EMPTY.apply(event(decide(CAR, ContractRegistry.EMPTY, NOW)));
        RegisteredVersion first = registry.newest("car.v1").orElseThrow();

        RegisteredVersion again =
                event(decide(CAR.replace("status: active", "status: deprecated"), registry, LATER));

        assertThat(again.status()).isEqualTo("deprecated");
        assertThat(again.registered()).isEqualTo(NOW);
        assertThat(again.schemas()).isEqualTo(first.schemas());
        assertThat(again.key()).isEqualTo(first.key());
    }

    @Test
    void otherWordsKeepTheOldSchemaAndAddOne() {
        ContractRegistry registry =
                ContractRegistry.EMPTY.apply(event(decide(CAR, ContractRegistry.EMPTY, NOW)));

        RegisteredVersion again =
                event(
                        decide(
                                CAR.replace("{name: speed", "{description: in km/h, name: speed"),
                                registry,
                                LATER));

        assertThat(again.schemas()).extracting(RegisteredSchema::id).containsExactly(1, 2, 3, 4);
        assertThat(again.schemas())
                .extracting(RegisteredSchema::number)
                .containsExactly(1, 1, 2, 2);
    }

    @Test
    void theSameTextUnderTwoSubjectsHasOneId() {
        List<SchemaText> schemas =
                List.of(
                        new SchemaText("a", SchemaText.SchemaType.AVRO, "\"long\""),
                        new SchemaText("b", SchemaText.SchemaType.AVRO, "\"long\""),
                        new SchemaText("c", SchemaText.SchemaType.JSON, "\"long\""));

        RegisteredVersion event =
                event(
                        new Registration(contract(CAR), CAR, schemas)
                                .decide(ContractRegistry.EMPTY, NOW));

        assertThat(event.schemas()).extracting(RegisteredSchema::id).containsExactly(1, 1, 2);
    }

    @Test
    void theSchemasOfAnEncodingNeedNotBeThereAnyMore() {
        String encoded =
                CAR + "  - {property: leat.encoding, value: {format: avro, schema: gone.avsc}}\n";
        Contract before = OdcsReader.readRegistered(Path.of("car.odcs.yaml"), encoded).orThrow();
        Registration first = new Registration(before, encoded, List.of());
        ContractRegistry registry =
                ContractRegistry.EMPTY.apply(event(first.decide(ContractRegistry.EMPTY, NOW)));

        assertThat(decide(WIDER, registry, LATER)).isInstanceOf(Decision.Register.class);
    }

    @Test
    void theEnrichedSchemaDescribesProtectedFieldsAsTheyAreThen() {
        String guarded =
                CAR.replace(
                                "  - {name: speed",
                                "  - {name: vin, logicalType: string, logicalTypeOptions:"
                                        + " {pattern: '^W'}}\n      - {name: speed")
                        .replace(
                                "constant: here}]",
                                "constant: here}, {protect: {field: vin}, action: hash}]");

        RegisteredVersion event = event(decide(guarded, ContractRegistry.EMPTY, NOW));

        assertThat(event.schemas().get(0).schema().text()).contains("^W");
        assertThat(event.schemas().get(1).schema().text()).doesNotContain("^W");
    }

    private static RegisteredVersion event(Decision decision) {
        return ((Decision.Register) decision).event();
    }

    private static Decision decide(String odcs, ContractRegistry registry, Instant now) {
        Contract contract = contract(odcs);
        return new Registration(contract, odcs, new JsonSchemas(new Names("leat")).of(contract))
                .decide(registry, now);
    }

    private static Contract contract(String odcs) {
        return OdcsReader.read(Path.of("car.odcs.yaml"), odcs).orThrow();
    }
}
