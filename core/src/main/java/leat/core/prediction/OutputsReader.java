package leat.core.prediction;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import leat.core.contract.FieldType;
import leat.core.feature.CompiledView;
import leat.core.scoring.OutputValue;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;
import leat.core.yaml.YamlNode.Scalar;

/// Reads `outputs` of a scoring.
final class OutputsReader {

    private static final Set<String> OUTPUT_KEYS = Set.of("output", "type");
    private static final Map<String, FieldType> TYPES =
            Map.of(
                    "number", FieldType.Real.any(),
                    "integer", FieldType.Int.any(),
                    "boolean", new FieldType.Bool(),
                    "text", FieldType.Text.any());
    private static final Set<String> RESERVED =
            Set.of(
                    CompiledView.ENTITY,
                    CompiledView.QUERY_TIME,
                    Scoring.FAILURE,
                    Scoring.ROLE,
                    Scoring.MODEL_VERSION,
                    Scoring.ALIAS,
                    Scoring.ALIAS_POSITION,
                    Scoring.VIEW,
                    Scoring.VECTOR);
    private static final Pattern SNAKE_CASE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    private static final int MOST_NAME_CHARS = 80;
    private static final int MOST_OUTPUTS = 100;

    private OutputsReader() {}

    /// The fields of predictions, in the order of the file.
    static List<Scoring.Output> read(Keys keys) {
        if (keys.mapping().find("outputs").isEmpty()) {
            keys.complain("outputs", "is missing", "name fields of predictions, e.g. {score: out}");
            return List.of();
        }
        List<Scoring.Output> outputs = new ArrayList<>();
        keys.keys("outputs")
                .ifPresent(fields ->
                        fields.mapping()
                                .entries()
                                .forEach(entry ->
                                        output(fields, entry.key().text())
                                                .ifPresent(outputs::add)));
        if (keys.keys("outputs").filter(fields -> fields.mapping().entries().isEmpty()).isPresent()
                || outputs.size() > MOST_OUTPUTS) {
            keys.complain("outputs", "are not 1 to " + MOST_OUTPUTS, "");
        }
        return outputs;
    }

    /// `field: output`, or `field: {output: …, type: …}`.
    private static Optional<Scoring.Output> output(Keys fields, String name) {
        if (!SNAKE_CASE.matcher(name).matches() || name.length() > MOST_NAME_CHARS) {
            fields.complain(
                    name,
                    "'" + name + "' cannot be a field's name",
                    "use lower case letters, digits and single underscores, a letter first");
        } else if (RESERVED.contains(name) || name.startsWith("leat_")) {
            fields.complain(
                    name, "'" + name + "' has its own meaning in a prediction", "use another name");
        }
        if (fields.mapping().find(name).orElse(null) instanceof Scalar scalar) {
            return value(fields, name, scalar.text())
                    .map(value -> new Scoring.Output(name, value, FieldType.Real.any()));
        }
        return fields.keys(name)
                .flatMap(keys -> {
                    keys.allow(OUTPUT_KEYS);
                    Optional<FieldType> type = type(keys);
                    return keys.requiredText(
                                    "output", "name the model's output, e.g. probabilities[1]")
                            .flatMap(text -> value(keys, "output", text))
                            .flatMap(
                                    value -> type.map(one -> new Scoring.Output(name, value, one)));
                });
    }

    private static Optional<FieldType> type(Keys keys) {
        String word = keys.text("type").orElse("number");
        FieldType type = TYPES.get(word);
        if (type == null) {
            keys.complain(
                    "type",
                    "there is no type '" + word + "' of predictions",
                    NearestName.remedy(word, TYPES.keySet()));
        }
        return Optional.ofNullable(type);
    }

    private static Optional<OutputValue> value(Keys keys, String key, String text) {
        try {
            return Optional.of(OutputValue.parse(text));
        } catch (IllegalArgumentException e) {
            keys.complain(key, String.valueOf(e.getMessage()), "write e.g. probabilities[1]");
            return Optional.empty();
        }
    }
}
