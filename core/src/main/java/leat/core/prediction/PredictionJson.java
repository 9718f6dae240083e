package leat.core.prediction;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import leat.core.contract.FieldType;
import leat.core.feature.CompiledView;
import leat.core.scoring.Predicted;
import leat.core.validate.JsonText;
import leat.core.validate.MicrosText;
import org.jspecify.annotations.Nullable;

/// Writes predictions as their contract has them: one JSON object without nulls, times in UTC with
/// microseconds. What a model gave and a field cannot have is a prediction that failed. For one
/// thread.
///
/// No generator of a library writes it: all but the values is the same for every vector.
public final class PredictionJson {

    private static final String ENTITY = "{\"" + CompiledView.ENTITY + "\":";
    private static final String QUERY_TIME = ",\"" + CompiledView.QUERY_TIME + "\":\"";
    private static final int MOST_FAILURE_CHARS = 500;

    private static final String GAVE = "the model gave ";
    private static final List<String> NOT_FINITE =
            Stream.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)
                    .map(value -> GAVE + value + " ")
                    .toList();

    private final List<Scoring.Output> outputs;

    /// What stands before the value of each output.
    private final List<String> names;

    private final String view;
    private final MicrosText times = new MicrosText();
    private final StringBuilder text = new StringBuilder();

    public PredictionJson(Scoring scoring) {
        this.outputs = scoring.outputs();
        this.names = outputs.stream().map(output -> name(output.name())).toList();
        this.view = scoring.view().view().nameAndVersion();
    }

    private static String name(String field) {
        StringBuilder json = new StringBuilder().append(',');
        JsonText.quote(field, json);
        return json.append(':').toString();
    }

    /// What is predicted of.
    ///
    /// @param queryMicros up to when events counted, in microseconds since 1970
    /// @param position the vector's
    public record Subject(String entity, long queryMicros, String position) {}

    /// Who predicts, as each of its predictions says.
    ///
    /// @param json what stands between the values and the vector's position
    public record Author(Lineup.Answering answering, String json) {}

    public Author author(Lineup.Answering answering) {
        StringBuilder json = new StringBuilder();
        write(json, Scoring.ROLE, answering.role().word());
        write(json, Scoring.MODEL_VERSION, answering.standing().version());
        write(json, Scoring.ALIAS, answering.standing().alias());
        answering
                .standing()
                .aliasPosition()
                .ifPresent(position -> json.append(name(Scoring.ALIAS_POSITION)).append(position));
        write(json, Scoring.VIEW, view);
        return new Author(answering, json.append(name(Scoring.VECTOR)).toString());
    }

    private static void write(StringBuilder json, String field, String text) {
        JsonText.quote(text, json.append(name(field)));
    }

    /// A prediction.
    ///
    /// @param predicted the values in the order of the scoring's outputs
    public byte[] of(Subject subject, Author by, Predicted predicted) {
        StringBuilder json = text;
        json.setLength(0);
        json.append(ENTITY);
        JsonText.quote(subject.entity(), json);
        json.append(QUERY_TIME).append(times.text(subject.queryMicros())).append('"');
        writeValues(json, predicted);
        json.append(by.json()).append('"').append(subject.position()).append("\"}");
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// What of a model's answer a prediction can have: the same values in their fields' types, or
    /// why not.
    public Predicted fitting(Predicted predicted) {
        return switch (predicted) {
            case Predicted.Failed failed -> failed;
            case Predicted.Values values -> {
                boolean fits = true;
                List<Object> fitting = new ArrayList<>(outputs.size());
                for (int i = 0; i < outputs.size(); i++) {
                    Scoring.Output output = outputs.get(i);
                    Object given = values.values().get(i);
                    Object value = fitting(output.type(), given);
                    if (value == null) {
                        yield new Predicted.Failed(GAVE + given + " for " + output.name());
                    }
                    fits &= value.equals(given);
                    fitting.add(value);
                }
                yield fits ? values : new Predicted.Values(fitting, values.version());
            }
        };
    }

    /// Whether a prediction failed because the model gave a number that is not finite.
    ///
    /// @param failure of [Scoring#FAILURE]
    public static boolean isNotFinite(String failure) {
        return NOT_FINITE.stream().anyMatch(failure::startsWith);
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

    private void writeValues(StringBuilder json, Predicted predicted) {
        switch (predicted) {
            case Predicted.Failed(String why) ->
                    write(
                            json,
                            Scoring.FAILURE,
                            why.length() > MOST_FAILURE_CHARS
                                    ? why.substring(0, MOST_FAILURE_CHARS)
                                    : why);
            case Predicted.Values values -> {
                for (int i = 0; i < names.size(); i++) {
                    json.append(names.get(i));
                    JsonText.append(outputs.get(i).type(), values.values().get(i), json);
                }
            }
        }
    }
}
