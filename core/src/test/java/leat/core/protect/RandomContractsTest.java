package leat.core.protect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.Protection.Action;
import leat.core.jsonschema.RandomEvents;
import leat.core.odcs.OdcsReader;
import leat.core.outcome.Outcome;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random contracts with random protections: what is read of a protected event is what was read of
/// the plain one, with every protected value, and no other, replaced.
class RandomContractsTest {

    private static final int CONTRACTS = 200;
    private static final int DOCUMENTS = 50;

    private final long seed = Long.getLong("leat.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<String, String> actions = new HashMap<>();
    private final Replacements replacements = new Replacements(ProtectedContracts.KEY);

    @Test
    void protectedEventsAreReadAsThePlainOnesWithTheProtectedValuesReplaced() {
        int protectedEvents = 0;
        for (int c = 0; c < CONTRACTS; c++) {
            RandomEvents events = new RandomEvents(new Random(random.nextLong()));
            Contract contract = withProtections(events.contract());
            Protector protector = Protector.of(contract, ProtectedContracts.KEY);
            Validator raw = Validator.forRaw(contract);
            Validator enriched = Validator.forEnriched(contract);
            for (int d = 0; d < DOCUMENTS; d++) {
                byte[] document = events.document().getBytes(UTF_8);
                if (raw.validate(document) instanceof Outcome.Valid plain) {
                    byte[] published = protector.value(document);
                    protectedEvents++;
                    assertThat(enriched.validate(published))
                            .as("seed %d: %s to %s", seed, text(document), text(published))
                            .isInstanceOfSatisfying(
                                    Outcome.Valid.class,
                                    valid ->
                                            assertThat(valid.row().toString())
                                                    .isEqualTo(
                                                            expected(plain.row(), "").toString()));
                }
            }
        }
        assertThat(protectedEvents).isGreaterThan(CONTRACTS);
    }

    private static String text(byte[] document) {
        return new String(document, UTF_8);
    }

    private Contract withProtections(String yaml) {
        actions.clear();
        choose(contract(yaml).fields(), "");
        StringBuilder entries = new StringBuilder(yaml);
        if (!actions.isEmpty()) {
            entries.append("  - property: leat.enrich\n    value:\n");
        }
        actions.forEach((path, action) ->
                entries.append("      - {protect: {field: ")
                        .append(path)
                        .append("}, action: ")
                        .append(action)
                        .append("}\n"));
        return contract(entries.toString());
    }

    private static Contract contract(String yaml) {
        return OdcsReader.read(Path.of("random.odcs.yaml"), yaml).orThrow();
    }

    private void choose(List<Field> fields, String parent) {
        for (Field field : fields) {
            choose(parent + field.name(), field.type());
        }
    }

    private void choose(String path, FieldType type) {
        boolean isText = type instanceof FieldType.Text;
        int choice = random.nextInt(isText ? 4 : 7);
        if (choice == 0) {
            actions.put(path, "drop");
        } else if (isText && choice < 3) {
            actions.put(path, choice == 1 ? "hash" : "mask, keep: {first: 1}");
        } else {
            chooseInside(path, type);
        }
    }

    private void chooseInside(String path, FieldType type) {
        if (type instanceof FieldType.Struct struct) {
            choose(struct.fields(), path + ".");
        } else if (type instanceof FieldType.Array array) {
            chooseInside(path, array.items());
        }
    }

    private Row expected(Row row, String parent) {
        @Nullable Object[] values = new Object[row.fields().size()];
        for (int i = 0; i < values.length; i++) {
            Object value = row.value(i);
            String path = parent + row.fields().get(i).name();
            values[i] =
                    value == null
                            ? null
                            : switch (actions.get(path)) {
                                case "drop" -> null;
                                case "hash" -> replacements.hash(((String) value).getBytes(UTF_8));
                                case null -> inside(value, path);
                                case String _ ->
                                        Replacements.mask(new Action.Mask(1, 0), (String) value);
                            };
        }
        return new Row(row.fields(), values);
    }

    private Object inside(Object value, String path) {
        return switch (value) {
            case Row inner -> expected(inner, path + ".");
            case List<?> items -> items.stream().map(item -> inside(item, path)).toList();
            case Object other -> other;
        };
    }
}
