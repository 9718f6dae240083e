package leat.ml.training;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.event.Hash128;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Which rows were learned from: by it they can be read again.
///
/// @param rows the view each of whose vectors is a row
/// @param others the other views of a feature set, in the order in which it comes to them
/// @param definition the fingerprint of what was asked of the data
/// @param labels the topic of what says the label; empty where there is none
record DatasetName(
        OfView rows, List<OfView> others, String definition, Optional<TopicRange> labels) {

    /// The vectors of a view.
    ///
    /// @param view its name, `NAME.vN`
    /// @param fingerprint of its definition
    record OfView(String view, String fingerprint, TopicRange vectors) {

        private ObjectNode name(ObjectNode json) {
            return json.put("view", view).put("view_fingerprint", fingerprint);
        }

        private void range(ObjectNode json) {
            vectors.write(json.putObject("vectors"));
        }

        private static OfView read(JsonNode json) {
            return new OfView(
                    json.required("view").asString(),
                    json.required("view_fingerprint").asString(),
                    TopicRange.read(json.required("vectors")));
        }
    }

    DatasetName {
        others = List.copyOf(others);
    }

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FORMAT = 1;

    /// All views, first the one whose vectors are rows.
    Stream<OfView> views() {
        return Stream.concat(Stream.of(rows), others.stream());
    }

    /// Differs from that of any other rows.
    String digest() {
        return Hash128.of(json()).toString();
    }

    String json() {
        ObjectNode json = JSON.createObjectNode().put("format", FORMAT);
        rows.name(json).put("definition", definition);
        rows.range(json);
        if (!others.isEmpty()) {
            ArrayNode array = json.putArray("others");
            others.forEach(other -> other.range(other.name(array.addObject())));
        }
        labels.ifPresent(range -> range.write(json.putObject("labels")));
        return JSON.writeValueAsString(json);
    }

    /// Reads what [#json] wrote.
    ///
    /// @throws IllegalArgumentException when it is something else
    static DatasetName parse(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (json.path("format").asInt(0) != FORMAT) {
                throw new IllegalArgumentException("it has another format");
            }
            return new DatasetName(
                    OfView.read(json),
                    json.path("others").values().stream().map(OfView::read).toList(),
                    json.required("definition").asString(),
                    json.has("labels")
                            ? Optional.of(TopicRange.read(json.required("labels")))
                            : Optional.empty());
        } catch (JacksonException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
