package leat.core.monitor;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// Profiles as JSON: `{"features": [{"name", "kind": "number", …}, {"name", "kind": "category",
/// …}]}`.
final class ProfileJson {

    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final int MAX_DEPTH = 8;

    private ProfileJson() {}

    static byte[] write(Profile profile) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeName("features");
            json.writeStartArray();
            profile.features().forEach((name, feature) -> write(json, name, feature));
            json.writeEndArray();
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, String name, FeatureProfile feature) {
        json.writeStartObject();
        json.writeStringProperty("name", name);
        switch (feature) {
            case FeatureProfile.Numbers numbers -> write(json, numbers);
            case FeatureProfile.Categories categories -> write(json, categories);
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, FeatureProfile.Numbers numbers) {
        json.writeStringProperty("kind", "number");
        json.writeNumberProperty("nulls", numbers.nulls());
        json.writeNumberProperty("nans", numbers.nans());
        json.writeNumberProperty("infinities", numbers.infinities());
        json.writeNumberProperty("values", numbers.values());
        known(json, "min", numbers.min());
        known(json, "max", numbers.max());
        known(json, "mean", numbers.mean());
        known(json, "stddev", numbers.stddev());
        json.writeName("edges");
        json.writeStartArray();
        numbers.histogram().edges().forEach(json::writeNumber);
        json.writeEndArray();
        json.writeName("counts");
        json.writeStartArray();
        numbers.histogram().counts().forEach(json::writeNumber);
        json.writeEndArray();
    }

    private static void known(JsonGenerator json, String name, double value) {
        if (Double.isFinite(value)) {
            json.writeNumberProperty(name, value);
        }
    }

    private static void write(JsonGenerator json, FeatureProfile.Categories categories) {
        json.writeStringProperty("kind", "category");
        json.writeNumberProperty("nulls", categories.nulls());
        json.writeName("categories");
        json.writeStartObject();
        categories.counts().forEach(json::writeNumberProperty);
        json.writeEndObject();
        json.writeNumberProperty("others", categories.others());
    }

    static Profile parse(byte[] bytes) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
            parser.nextToken();
            Object root = value(parser, 0);
            if (parser.nextToken() != null) {
                throw new ProfileUnreadable("more follows the object", null);
            }
            return new Part(root, "").profile();
        } catch (JacksonException | IllegalArgumentException e) {
            throw new ProfileUnreadable(String.valueOf(e.getMessage()), e);
        }
    }

    /// The value at the parser: a map, a list, or what a scalar is.
    private static @Nullable Object value(JsonParser parser, int depth) {
        if (depth > MAX_DEPTH) {
            throw new ProfileUnreadable("it is nested deeper than " + MAX_DEPTH, null);
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                    parser.nextToken();
                    map.put(name, value(parser, depth + 1));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser, depth + 1));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case null, default -> null;
        };
    }

    /// One object of the text.
    ///
    /// @param at where it stands, for messages
    private record Part(@Nullable Object value, String at) {

        Profile profile() {
            SequencedMap<String, FeatureProfile> features = new LinkedHashMap<>();
            List<?> all = list("features");
            for (int i = 0; i < all.size(); i++) {
                Part part = new Part(all.get(i), "features[" + i + "].");
                String name = part.text("name");
                if (features.put(name, part.feature()) != null) {
                    throw new ProfileUnreadable("the feature '" + name + "' stands twice", null);
                }
            }
            return new Profile(features);
        }

        private FeatureProfile feature() {
            return switch (text("kind")) {
                case "number" ->
                        new FeatureProfile.Numbers(
                                count("nulls"),
                                count("nans"),
                                count("infinities"),
                                count("values"),
                                known("min"),
                                known("max"),
                                known("mean"),
                                known("stddev"),
                                new Histogram(
                                        numbers("edges").stream().map(Number::doubleValue).toList(),
                                        numbers("counts").stream()
                                                .map(Number::longValue)
                                                .toList()));
                case "category" ->
                        new FeatureProfile.Categories(
                                count("nulls"), categories(), count("others"));
                default -> throw wrong("kind", "number or category");
            };
        }

        private SequencedMap<String, Long> categories() {
            if (!(property("categories") instanceof Map<?, ?> map)) {
                throw wrong("categories", "an object");
            }
            SequencedMap<String, Long> counts = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!(entry.getValue() instanceof Number count) || count.longValue() < 0) {
                    throw wrong("categories." + entry.getKey(), "a count");
                }
                counts.put(String.valueOf(entry.getKey()), count.longValue());
            }
            return counts;
        }

        private @Nullable Object property(String name) {
            return value instanceof Map<?, ?> map ? map.get(name) : null;
        }

        private String text(String name) {
            if (property(name) instanceof String text) {
                return text;
            }
            throw wrong(name, "a text");
        }

        private long count(String name) {
            if (property(name) instanceof Number count && count.longValue() >= 0) {
                return count.longValue();
            }
            throw wrong(name, "a count");
        }

        private double known(String name) {
            return switch (property(name)) {
                case Number number -> number.doubleValue();
                case null -> Double.NaN;
                default -> throw wrong(name, "a number");
            };
        }

        private List<?> list(String name) {
            if (property(name) instanceof List<?> list) {
                return list;
            }
            throw wrong(name, "a list");
        }

        private List<Number> numbers(String name) {
            List<Number> numbers = new ArrayList<>();
            for (Object one : list(name)) {
                if (!(one instanceof Number number)) {
                    throw wrong(name, "a list of numbers");
                }
                numbers.add(number);
            }
            return numbers;
        }

        private ProfileUnreadable wrong(String name, String wanted) {
            return new ProfileUnreadable(at + name + " is not " + wanted, null);
        }
    }
}
