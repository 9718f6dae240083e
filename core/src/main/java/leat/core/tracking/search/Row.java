package leat.core.tracking.search;

import java.util.Map;
import java.util.Optional;

/// Something that is searched.
@FunctionalInterface
interface Row {

    /// MLflow keeps prompts as registered models with this tag, and has it be false of all others.
    String PROMPT_TAG = "mlflow.prompt.is_prompt";

    /// The value of a tag of a registered model or a version.
    static Optional<FieldValue> tag(Map<String, String> tags, String key) {
        if (key.equals(PROMPT_TAG) && !tags.containsKey(key)) {
            return Optional.of(new FieldValue.Text("false"));
        }
        return Optional.<String>ofNullable(tags.get(key)).map(FieldValue.Text::new);
    }

    /// Empty where it has none.
    Optional<FieldValue> value(Field field);
}
