package leat.ml.online;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leat.core.scoring.ElementType;
import leat.core.scoring.Model;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.OutputValue;
import leat.core.scoring.Port;
import leat.core.scoring.Shape;
import leat.core.scoring.Signature;
import leat.core.scoring.Tensor;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A version of a model that learns as it scores: which features it takes, how they are scaled, its
/// parameters, and the state that it begins with. Whoever scores a stream asks it for a [Learner].
/// Asked as a [Model] it says what it said when it was registered, and learns nothing. For many
/// threads.
public final class OnlineModel implements Model {

    /// The file of a version.
    public static final String FILE = "online.json";

    private static final int FORMAT = 1;
    private static final String INPUT = "features";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Definition definition;
    private final Standard standard;
    private final byte[] state;
    private final Signature signature;
    private final String fingerprint;

    /// What answers requests; nobody teaches it. Guarded by this.
    private @Nullable Learner asked;

    private OnlineModel(Definition definition, Standard standard, byte[] state) {
        this.definition = definition;
        this.standard = standard;
        this.state = state;
        this.signature =
                new Signature(
                        List.of(
                                new Port(
                                        INPUT,
                                        ElementType.FP32,
                                        Shape.of(Shape.FREE, standard.width()))),
                        definition.algorithm().outputs());
        this.fingerprint = sha256(bytes());
    }

    /// What a version is, but for its numbers.
    ///
    /// @param parameters as they are written
    public record Definition(
            OnlineAlgorithm algorithm,
            List<String> features,
            Map<String, String> parameters,
            long seed) {
        public Definition {
            features = List.copyOf(features);
            parameters = Map.copyOf(parameters);
        }
    }

    /// A version that begins with what a learner is now.
    public static OnlineModel of(Definition definition, Standard standard, Learner learner) {
        return of(definition, standard, learner.state());
    }

    private static OnlineModel of(Definition definition, Standard standard, byte[] state) {
        if (definition.features().size() != standard.width()) {
            throw new IllegalArgumentException("not as many features as scales");
        }
        return new OnlineModel(definition, standard, state);
    }

    /// Reads a version's file.
    ///
    /// @throws ModelFailed when it is none, or one of a later program
    public static OnlineModel read(byte[] file) {
        try {
            JsonNode json = JSON.readTree(file);
            int format = json.path("format").asInt(0);
            if (format != FORMAT) {
                throw new IllegalArgumentException(
                        "its format is " + format + ", this program knows " + FORMAT);
            }
            String word = json.required("algorithm").asString();
            List<String> features = new ArrayList<>();
            json.required("features").forEach(one -> features.add(one.asString()));
            Map<String, String> parameters = new LinkedHashMap<>();
            json.required("parameters")
                    .properties()
                    .forEach(one -> parameters.put(one.getKey(), one.getValue().asString()));
            Definition definition =
                    new Definition(
                            OnlineAlgorithm.of(word)
                                    .orElseThrow(() ->
                                            new IllegalArgumentException(
                                                    "this program knows no algorithm " + word)),
                            features,
                            parameters,
                            json.required("seed").asLong());
            Standard standard =
                    Standard.of(
                            floats(json.required("means")), floats(json.required("deviations")));
            byte[] state = Base64.getDecoder().decode(json.required("state").asString());
            // What cannot be begun with is found out here.
            Learner _ = definition.algorithm().restore(state, parameters);
            return of(definition, standard, state);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new ModelFailed(FILE + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static float[] floats(JsonNode list) {
        float[] values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) list.path(i).asDouble();
        }
        return values;
    }

    /// The version's file, a new array with each call.
    public byte[] bytes() {
        ObjectNode json =
                JSON.createObjectNode()
                        .put("format", FORMAT)
                        .put("algorithm", definition.algorithm().word())
                        .put("seed", definition.seed());
        definition.features().forEach(json.withArray("features")::add);
        ObjectNode parameters = json.putObject("parameters");
        definition.parameters().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(one -> parameters.put(one.getKey(), one.getValue()));
        for (int j = 0; j < standard.width(); j++) {
            json.withArray("means").add(standard.mean(j));
            json.withArray("deviations").add(standard.deviation(j));
        }
        json.put("state", Base64.getEncoder().encodeToString(state));
        return JSON.writeValueAsBytes(json);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    /// Tells versions apart by all that they are.
    public String fingerprint() {
        return fingerprint;
    }

    public List<String> features() {
        return definition.features();
    }

    /// A learner as the version begins.
    public Learner begin() {
        return restore(state);
    }

    /// A learner that goes on where another one of this version was.
    ///
    /// @param learned what [Learner#state] gave
    /// @throws IllegalArgumentException when it is none
    public Learner restore(byte[] learned) {
        return definition.algorithm().restore(learned, definition.parameters());
    }

    /// A vector as learners take it.
    ///
    /// @param timeMillis of its query
    /// @param features the names of the values
    /// @param values numbers and booleans; NaN where one is missing
    /// @throws ModelFailed when the model takes other features, or one is a text
    public OnlineRow row(
            String entity, long timeMillis, List<String> features, List<Object> values) {
        if (!features.equals(definition.features())) {
            throw new ModelFailed(
                    "the model takes " + definition.features() + ", and is given " + features);
        }
        float[] numbers = new float[values.size()];
        for (int j = 0; j < numbers.length; j++) {
            numbers[j] = number(features.get(j), values.get(j));
        }
        return row(entity, timeMillis, numbers);
    }

    private static float number(String feature, Object value) {
        return switch (value) {
            case Number number -> (float) number.doubleValue();
            case Boolean flag -> flag ? 1 : 0;
            default ->
                    throw new ModelFailed(
                            feature + " is '" + value + "', and the model takes numbers");
        };
    }

    /// A vector of numbers as learners take it.
    ///
    /// @param timeMillis of its query
    /// @param values not changed afterwards
    public OnlineRow row(String entity, long timeMillis, float[] values) {
        return new OnlineRow(
                entity,
                timeMillis,
                definition.algorithm().ofRowsAlone() ? standard.row(values) : values);
    }

    /// Those of the values that a learner said which are wanted.
    ///
    /// @throws ModelFailed when there is no such output
    public List<Object> wanted(List<OutputValue> wanted, List<Object> said) {
        List<Object> values = new ArrayList<>(wanted.size());
        for (OutputValue one : wanted) {
            int place = place(one.output());
            if (one.index() > 0) {
                throw new ModelFailed(one + " is not there: a row has 1 values");
            }
            values.add(said.get(place));
        }
        return values;
    }

    /// Where an output stands among what a learner says.
    ///
    /// @throws ModelFailed when there is no such output
    public int place(String output) {
        List<String> names = signature.outputs().stream().map(Port::name).toList();
        int place = names.indexOf(output);
        if (place < 0) {
            throw new ModelFailed(
                    "the model has no output '" + output + "', but " + String.join(", ", names));
        }
        return place;
    }

    @Override
    public Signature signature() {
        return signature;
    }

    /// The time is not watched: what a row takes is bounded by the algorithm's parameters.
    ///
    /// @throws ModelFailed also when what the model says is of streams, of which a request has none
    @Override
    public synchronized Map<String, Tensor> run(Map<String, Tensor> inputs, Duration patience) {
        if (!(inputs.get(INPUT) instanceof Tensor.Floats(Shape shape, FloatBuffer values))
                || !signature.inputs().getFirst().shape().admits(shape)) {
            throw new ModelFailed("the model takes " + signature.inputs().getFirst());
        }
        if (!definition.algorithm().ofRowsAlone()) {
            throw new ModelFailed(
                    "a model of "
                            + definition.algorithm().word()
                            + " says how each entity's stream goes on, and is asked in the stream"
                            + " alone: name it in a scoring");
        }
        Learner learner = asked == null ? begin() : asked;
        asked = learner;
        int rows = Math.toIntExact(shape.rows());
        List<List<Object>> said = new ArrayList<>(rows);
        for (int i = 0; i < rows; i++) {
            float[] row = new float[standard.width()];
            values.get(i * row.length, row);
            said.add(learner.say(row("", 0, row)));
        }
        Map<String, Tensor> outputs = new HashMap<>();
        for (Port port : signature.outputs()) {
            outputs.put(port.name(), column(port, said));
        }
        return outputs;
    }

    private Tensor column(Port port, List<List<Object>> said) {
        int place = place(port.name());
        Shape shape = Shape.of(said.size());
        if (port.type() == ElementType.INT64) {
            LongBuffer longs = LongBuffer.allocate(said.size());
            said.forEach(row -> longs.put((Long) row.get(place)));
            return new Tensor.Longs(shape, longs.flip());
        }
        DoubleBuffer doubles = DoubleBuffer.allocate(said.size());
        said.forEach(row -> doubles.put((Double) row.get(place)));
        return new Tensor.Doubles(shape, doubles.flip());
    }
}
