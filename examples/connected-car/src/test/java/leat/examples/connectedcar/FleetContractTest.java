package leat.examples.connectedcar;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.event.EventGenerator;
import leat.core.event.EventGenerator.Feed;
import leat.core.event.EventGenerator.Plan;
import leat.core.event.EventGenerator.Slice;
import leat.core.odcs.OdcsReader;
import leat.core.yaml.Checked;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// What the fleet sends keeps the contracts of its workspace.
class FleetContractTest {

    private static final JsonFactory JSON = new JsonFactory();

    private static Map<String, Object> parse(byte[] buffer, int length) {
        Map<String, Object> members = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), buffer, 0, length)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                boolean text = parser.nextToken() == JsonToken.VALUE_STRING;
                Object value = text ? parser.getString() : parser.getDecimalValue();
                assertThat(members.put(name, value)).as("member %s again", name).isNull();
            }
            assertThat(parser.nextToken()).isNull();
        }
        return members;
    }

    private static List<String> faults(Contract contract, Map<String, Object> event) {
        List<String> faults = new ArrayList<>();
        Map<String, Object> unknown = new HashMap<>(event);
        for (Field field : contract.fields()) {
            Object value = unknown.remove(field.name());
            boolean fits =
                    value == null
                            ? !field.required() || field.added()
                            : !field.added() && fits(field.type(), value);
            if (!fits) {
                faults.add(field.name() + " = " + value);
            }
        }
        unknown.keySet().forEach(name -> faults.add("unknown " + name));
        return faults;
    }

    private static boolean fits(FieldType type, Object value) {
        return switch (type) {
            case FieldType.Text text ->
                    value instanceof String string
                            && text.length().contains(string.length())
                            && (text.allowed().isEmpty() || text.allowed().contains(string))
                            && text.pattern().map(p -> p.matcher(string).find()).orElse(true);
            case FieldType.Int whole ->
                    value instanceof BigDecimal number
                            && number.stripTrailingZeros().scale() <= 0
                            && whole.range().contains(number.longValueExact());
            case FieldType.Real real ->
                    value instanceof BigDecimal number
                            && real.range().contains(number.doubleValue());
            case FieldType.Timestamp ignored -> value instanceof BigDecimal;
            case FieldType.Decimal ignored -> false;
            case FieldType.Bool ignored -> false;
            case FieldType.Date ignored -> false;
            case FieldType.Time ignored -> false;
            case FieldType.Struct ignored -> false;
            case FieldType.Array ignored -> false;
        };
    }

    @Test
    void everyEventKeepsItsContract() {
        // Given
        Checked<Contracts> read = OdcsReader.readFolder(Path.of("contracts"));
        Map<String, Contract> contracts = new HashMap<>();
        read.orThrow().all().forEach(c -> contracts.put(c.name().toString(), c));
        Plan plan = new Plan(3, 500, 100, Instant.parse("2026-01-15T08:00:00Z"));
        Feed feed = EventGenerator.named("connected-car").open(plan, Slice.WHOLE);
        Map<String, Integer> counts = new HashMap<>();

        // When
        List<String> faults = new ArrayList<>();
        for (int event = 0; event < 200_000; event++) {
            feed.next((name, buffer, length) -> {
                Contract contract = contracts.get(name.toString());
                assertThat(contract).as("contract %s", name).isNotNull();
                faults.addAll(faults(contract, parse(buffer, length)));
                counts.merge(name.toString(), 1, Integer::sum);
            });
        }

        // Then
        assertThat(faults).isEmpty();
        assertThat(counts).containsEntry("car-telemetry", 200_000);
        assertThat(counts.getOrDefault("car-failure", 0)).isBetween(5, 100);
    }
}
