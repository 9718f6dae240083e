package leat.ml.training;

import java.util.Optional;
import leat.core.event.Hash128;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Which rows were learned from: by it they can be read again.
///
/// @param view whose vectors, `NAME.vN`
/// @param viewFingerprint of the view's definition
/// @param definition the fingerprint of what was asked of the data
/// @param vectors the view's topic
/// @param labels the topic of what says the label; empty where there is none
record DatasetName(
        String view,
        String viewFingerprint,
        String definition,
        TopicRange vectors,
        Optional<TopicRange> labels) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FORMAT = 1;

    /// The same ranges for another definition.
    DatasetName of(String otherDefinition) {
        return new DatasetName(view, viewFingerprint, otherDefinition, vectors, labels);
    }

    /// Differs from that of any other rows.
    String digest() {
        return Hash128.of(json()).toString();
    }

    String json() {
        ObjectNode json =
                JSON.createObjectNode()
                        .put("format", FORMAT)
                        .put("view", view)
                        .put("view_fingerprint", viewFingerprint)
                        .put("definition", definition);
        vectors.write(json.putObject("vectors"));
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
                    json.required("view").asString(),
                    json.required("view_fingerprint").asString(),
                    json.required("definition").asString(),
                    TopicRange.read(json.required("vectors")),
                    json.has("labels")
                            ? Optional.of(TopicRange.read(json.required("labels")))
                            : Optional.empty());
        } catch (JacksonException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
