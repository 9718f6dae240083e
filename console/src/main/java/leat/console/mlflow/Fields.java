package leat.console.mlflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.common.parameters.Parameters;
import io.helidon.webserver.http.ServerRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import leat.core.tracking.TrackingError;
import leat.core.tracking.TrackingRefused;
import leat.core.validate.ParserMessage;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The fields of a request, or of an object in it. Unknown ones are left alone, null is absent, and
/// integers may be texts, as in Protobuf's JSON.
///
/// @param path what stands before their names in texts, e.g. `metrics[0].`
record Fields(JsonNode node, String path) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// Of a body; an empty one has none.
    ///
    /// @throws TrackingRefused when it is no JSON object
    static Fields of(byte[] body) {
        if (body.length == 0) {
            return new Fields(JSON.createObjectNode(), "");
        }
        JsonNode node;
        try {
            node = JSON.readTree(body);
        } catch (JacksonException e) {
            throw malformed("The body is not JSON: " + ParserMessage.of(e));
        }
        if (!node.isObject()) {
            throw malformed("The body is not a JSON object");
        }
        return new Fields(node, "");
    }

    /// The same, and what stands in the path for the names of a route.
    Fields withPath(ServerRequest request) {
        Parameters inPath = request.path().pathParameters();
        ObjectNode all = JSON.createObjectNode();
        node.properties().forEach(field -> all.set(field.getKey(), field.getValue()));
        inPath.names().forEach(name -> all.put(name, inPath.get(name)));
        return new Fields(all, path);
    }

    /// A list in JSON with one more object.
    ///
    /// @param list what is none counts as empty
    /// @throws TrackingRefused when the object is none
    static String appended(String list, String object) {
        JsonNode added = of(object.getBytes(UTF_8)).node();
        ArrayNode all = JSON.createArrayNode();
        try {
            JsonNode known = JSON.readTree(list);
            if (known.isArray()) {
                known.forEach(all::add);
            }
        } catch (JacksonException _) {
            // Somebody has set the tag to something else: the history begins anew.
            all.removeAll();
        }
        return all.add(added).toString();
    }

    private static TrackingRefused malformed(String message) {
        return new TrackingRefused(TrackingError.BAD_REQUEST, message);
    }

    /// Of the query; what is there more than once is a list.
    static Fields ofQuery(ServerRequest request) {
        ObjectNode node = JSON.createObjectNode();
        for (String name : request.query().names()) {
            List<String> values = request.query().all(name);
            if (values.size() == 1) {
                node.put(name, values.getFirst());
            } else {
                ArrayNode list = node.putArray(name);
                values.forEach(list::add);
            }
        }
        return new Fields(node, "");
    }

    private TrackingRefused invalid(String name, JsonNode value, String wanted) {
        String shown = value.toString();
        return TrackingRefused.invalid(
                "Invalid value "
                        + (shown.length() > 200 ? shown.substring(0, 200) + "…" : shown)
                        + " for parameter '"
                        + path
                        + name
                        + "' supplied: it is not "
                        + wanted);
    }

    private TrackingRefused missing(String name) {
        return TrackingRefused.invalid(
                "Missing value for required parameter '" + path + name + "'.");
    }

    private Optional<JsonNode> value(String name) {
        JsonNode value = node.path(name);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    /// Empty where it is absent.
    String text(String name) {
        return value(name).map(value -> text(name, value)).orElse("");
    }

    private String text(String name, JsonNode value) {
        if (!value.isString()) {
            throw invalid(name, value, "a string");
        }
        return value.asString();
    }

    /// @throws TrackingRefused where it is absent or empty
    String required(String name) {
        String text = text(name);
        if (text.isEmpty()) {
            throw missing(name);
        }
        return text;
    }

    /// @throws TrackingRefused where it is absent; it may be empty
    String present(String name) {
        return value(name).map(value -> text(name, value)).orElseThrow(() -> missing(name));
    }

    OptionalLong integer(String name) {
        Optional<JsonNode> value = value(name);
        return value.isPresent()
                ? OptionalLong.of(integer(name, value.get()))
                : OptionalLong.empty();
    }

    private long integer(String name, JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.asLong();
        }
        if (value.isString()) {
            try {
                return Long.parseLong(value.asString());
            } catch (NumberFormatException _) {
                throw invalid(name, value, "a 64-bit integer");
            }
        }
        throw invalid(name, value, "a 64-bit integer");
    }

    /// @throws TrackingRefused where it is absent
    long requiredInteger(String name) {
        return integer(name).orElseThrow(() -> missing(name));
    }

    /// A double, which may also be the text of one, as `NaN` and `Infinity` are.
    ///
    /// @throws TrackingRefused where it is absent
    double requiredNumber(String name) {
        JsonNode value = value(name).orElseThrow(() -> missing(name));
        if (value.isNumber()) {
            return value.asDouble();
        }
        if (value.isString()) {
            try {
                return Double.parseDouble(value.asString());
            } catch (NumberFormatException _) {
                throw invalid(name, value, "a double");
            }
        }
        throw invalid(name, value, "a double");
    }

    /// The objects of a list; none where it is absent.
    List<Fields> objects(String name) {
        List<Fields> objects = new ArrayList<>();
        for (JsonNode item : list(name)) {
            String place = path + name + "[" + objects.size() + "]";
            if (!item.isObject()) {
                throw TrackingRefused.invalid(
                        "Invalid value for parameter '" + place + "' supplied: it is no object");
            }
            objects.add(new Fields(item, place + "."));
        }
        return objects;
    }

    /// An object.
    ///
    /// @throws TrackingRefused where it is absent or none
    Fields object(String name) {
        JsonNode value = value(name).orElseThrow(() -> missing(name));
        if (!value.isObject()) {
            throw invalid(name, value, "an object");
        }
        return new Fields(value, path + name + ".");
    }

    boolean has(String name) {
        return value(name).isPresent();
    }

    /// A flag, which may also be the text of one; false where it is absent.
    boolean flag(String name) {
        return value(name).filter(value -> value.asString("").equals("true")).isPresent();
    }

    /// The texts of a list; a single one stands for a list of it, as in queries.
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list(name)) {
            texts.add(text(name, item));
        }
        return texts;
    }

    private List<JsonNode> list(String name) {
        Optional<JsonNode> value = value(name);
        if (value.isPresent() && value.get().isString()) {
            return List.of(value.get());
        }
        if (value.isPresent() && !value.get().isArray()) {
            throw invalid(name, value.get(), "a list");
        }
        List<JsonNode> items = new ArrayList<>();
        value.ifPresent(array -> array.forEach(items::add));
        return items;
    }

    /// A name of an enum; empty where it is absent.
    <E extends Enum<E>> Optional<E> choice(String name, Class<E> type) {
        return value(name)
                .map(value ->
                        Arrays.stream(type.getEnumConstants())
                                .filter(choice -> choice.name().equals(value.asString("")))
                                .findFirst()
                                .orElseThrow(() ->
                                        invalid(
                                                name,
                                                value,
                                                "one of "
                                                        + Arrays.toString(
                                                                type.getEnumConstants()))));
    }
}
