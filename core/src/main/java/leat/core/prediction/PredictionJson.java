package leat.core.prediction;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import leat.core.contract.FieldType;
import leat.core.feature.CompiledView;
import leat.core.scoring.Predicted;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Writes predictions as their contract has them: one JSON object without nulls, times in UTC with
/// microseconds. What a model gave and a field cannot have is a prediction that failed.
public final class PredictionJson {

    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final int MOST_FAILURE_CHARS = 500;

    private final List<Scoring.Output> outputs;
    private final String view;

    public PredictionJson(Scoring scoring) {
        this.outputs = scoring.outputs();
        this.view = scoring.view().view().nameAndVersion();
    }

    /// What is predicted of.
    ///
    /// @param position the vector's
    public record Subject(String entity, Instant queryTime, String position) {}

    /// A prediction.
    ///
    /// @param predicted the values in the order of the scoring's outputs
    public byte[] of(Subject subject, Lineup.Answering by, Predicted predicted) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(384);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty(CompiledView.ENTITY, subject.entity());
            json.writeStringProperty(CompiledView.QUERY_TIME, MICROS.format(subject.queryTime()));
            writeValues(json, predicted);
            json.writeStringProperty(Scoring.ROLE, by.role().word());
            json.writeStringProperty(Scoring.MODEL_VERSION, by.standing().version());
            json.writeStringProperty(Scoring.ALIAS, by.standing().alias());
            if (by.standing().aliasPosition().isPresent()) {
                json.writeNumberProperty(
                        Scoring.ALIAS_POSITION, by.standing().aliasPosition().getAsLong());
            }
            json.writeStringProperty(Scoring.VIEW, view);
            json.writeStringProperty(Scoring.VECTOR, subject.position());
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /// What of a model's answer a prediction can have: the same values in their fields' types, or
    /// why not.
    public Predicted fitting(Predicted predicted) {
        return switch (predicted) {
            case Predicted.Failed failed -> failed;
            case Predicted.Values values -> {
                List<Object> fitting = new ArrayList<>(outputs.size());
                for (int i = 0; i < outputs.size(); i++) {
                    Scoring.Output output = outputs.get(i);
                    Object given = values.values().get(i);
                    Object value = fitting(output.type(), given);
                    if (value == null) {
                        yield new Predicted.Failed(
                                "the model gave " + given + " for " + output.name());
                    }
                    fitting.add(value);
                }
                yield new Predicted.Values(fitting, values.version());
            }
        };
    }

    private static @Nullable Object fitting(FieldType type, Object value) {
        return switch (type) {
            case FieldType.Int _ -> integer(value);
            case FieldType.Bool _ -> truth(value);
            case FieldType.Text _ -> value instanceof String text ? text : null;
            default -> number(value);
        };
    }

    private static @Nullable Object number(Object value) {
        return switch (value) {
            case Number number when Double.isFinite(number.doubleValue()) -> number.doubleValue();
            case Boolean truth -> truth ? 1.0 : 0.0;
            default -> null;
        };
    }

    private static @Nullable Object integer(Object value) {
        return switch (value) {
            case Long whole -> whole;
            case Boolean truth -> truth ? 1L : 0L;
            case Double real when real == Math.rint(real) && Math.abs(real) < 0x1p53 ->
                    real.longValue();
            default -> null;
        };
    }

    private static @Nullable Object truth(Object value) {
        return switch (value) {
            case Boolean truth -> truth;
            case Long whole when whole == 0 || whole == 1 -> whole == 1;
            default -> null;
        };
    }

    private void writeValues(JsonGenerator json, Predicted predicted) {
        switch (predicted) {
            case Predicted.Failed(String why) ->
                    json.writeStringProperty(
                            Scoring.FAILURE,
                            why.length() > MOST_FAILURE_CHARS
                                    ? why.substring(0, MOST_FAILURE_CHARS)
                                    : why);
            case Predicted.Values values -> {
                for (int i = 0; i < outputs.size(); i++) {
                    write(json, outputs.get(i).name(), values.values().get(i));
                }
            }
        }
    }

    private static void write(JsonGenerator json, String name, Object value) {
        switch (value) {
            case Double number -> json.writeNumberProperty(name, number);
            case Long number -> json.writeNumberProperty(name, number);
            case Boolean truth -> json.writeBooleanProperty(name, truth);
            case String text -> json.writeStringProperty(name, text);
            default ->
                    throw new IllegalStateException(
                            "a prediction is a " + value.getClass().getName());
        }
    }
}
