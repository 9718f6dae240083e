package leat.enrichmentapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.model.ModelReference;
import leat.core.scoring.OutputValue;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.core.scoring.Predictor;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A registered model that is asked for events: the features are fields of the event that goes
/// along, the key tells nothing. An event without one of them has no prediction.
record ModelLookup(String name, EnrichmentApiSettings.Model settings, Predictor predictor)
        implements Lookup {

    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public String kind() {
        return "model";
    }

    @Override
    public List<String> fields() {
        return settings.outputs();
    }

    @Override
    public Optional<String> trouble() {
        return Optional.empty();
    }

    @Override
    public List<Answer> find(List<Question> questions) {
        List<Answer> answers = new ArrayList<>(questions.size());
        List<Integer> places = new ArrayList<>();
        List<List<Object>> rows = new ArrayList<>();
        for (Question question : questions) {
            List<Object> row = row(question.event());
            if (row == null) {
                answers.add(new Answer.Missing(""));
            } else {
                places.add(answers.size());
                rows.add(row);
                // Stands until the model has answered.
                answers.add(new Answer.Failed("was not asked"));
            }
        }
        if (!rows.isEmpty()) {
            List<Predicted> predicted = predictor.predict(request(rows));
            for (int i = 0; i < places.size(); i++) {
                answers.set(places.get(i), answer(predicted.get(i)));
            }
        }
        return answers;
    }

    private PredictionRequest request(List<List<Object>> rows) {
        return new PredictionRequest(
                ModelReference.parse(settings.model()),
                settings.features(),
                rows,
                settings.outputs().stream().map(OutputValue::parse).toList(),
                settings.timeout());
    }

    /// The features of an event; null where it lacks one.
    private @Nullable List<Object> row(String event) {
        JsonNode fields;
        try {
            fields = JSON.readTree(event.isEmpty() ? "{}" : event);
        } catch (JacksonException _) {
            return null;
        }
        List<Object> row = new ArrayList<>();
        for (String feature : settings.features()) {
            JsonNode value = fields.path(feature);
            if (value.isIntegralNumber() && value.canConvertToLong()) {
                row.add(value.longValue());
            } else if (value.isNumber()) {
                row.add(value.decimalValue().doubleValue());
            } else if (value.isBoolean()) {
                row.add(value.booleanValue());
            } else if (value.isString()) {
                row.add(value.stringValue());
            } else {
                return null;
            }
        }
        return row;
    }

    private Answer answer(Predicted predicted) {
        return switch (predicted) {
            case Predicted.Failed failed -> new Answer.Failed(failed.why());
            case Predicted.Values values -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                for (int i = 0; i < settings.outputs().size(); i++) {
                    Object value = values.values().get(i);
                    if (!isFinite(value)) {
                        yield new Answer.Failed(settings.outputs().get(i) + " is " + value);
                    }
                    fields.put(settings.outputs().get(i), value);
                }
                yield new Answer.Found(fields, values.version());
            }
        };
    }

    /// JSON has no other numbers.
    private static boolean isFinite(Object value) {
        return !(value instanceof Number number) || Double.isFinite(number.doubleValue());
    }
}
