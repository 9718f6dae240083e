package leat.stream.enricher.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leat.core.enrich.Answers.Answer;
import leat.core.enrich.Answers.Question;
import leat.core.validate.JsonText;
import leat.core.validate.ParserMessage;
import leat.stream.enricher.api.ApiTransport.ApiFailed;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The bodies of a call: `{"requests": [{"key", "event"}]}` and `{"results": [{"fields"} |
/// {"missing": true} | {"error"}]}`, the first two with what they rest on, `"seen"`.
final class ApiJson {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private ApiJson() {}

    static byte[] request(List<Question> questions) {
        StringBuilder json = new StringBuilder(64 * questions.size()).append("{\"requests\":[");
        for (int i = 0; i < questions.size(); i++) {
            Question question = questions.get(i);
            JsonText.quote(question.key(), json.append(i == 0 ? "" : ",").append("{\"key\":"));
            if (!question.event().isEmpty()) {
                json.append(",\"event\":").append(question.event());
            }
            json.append('}');
        }
        return json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Reads the answers to `count` questions.
    ///
    /// @throws ApiFailed when the body is anything else
    static List<Answer> answers(byte[] body, int count) throws ApiFailed {
        JsonNode results;
        try {
            results = MAPPER.readTree(body).path("results");
        } catch (JacksonException e) {
            throw new ApiFailed("the answer is not JSON: " + ParserMessage.of(e), false);
        }
        if (!results.isArray() || results.size() != count) {
            throw new ApiFailed(
                    "the answer has "
                            + (results.isArray() ? results.size() + " results" : "no results")
                            + " for "
                            + count
                            + " requests",
                    false);
        }
        List<Answer> answers = new ArrayList<>(count);
        for (JsonNode result : results) {
            answers.add(answer(result));
        }
        return answers;
    }

    private static Answer answer(JsonNode result) {
        String seen = result.path("seen").isString() ? result.path("seen").stringValue() : "";
        JsonNode fields = result.path("fields");
        if (fields.isObject()) {
            Map<String, Object> values = new HashMap<>();
            fields.forEachEntry((name, node) -> {
                Object value = value(node);
                if (value != null) {
                    values.put(name, value);
                }
            });
            return new Answer.Found(values, seen);
        }
        if (result.path("missing").isBoolean() && result.path("missing").booleanValue()) {
            return new Answer.Missing(seen);
        }
        return new Answer.Failed(
                result.path("error").isString()
                        ? result.path("error").stringValue()
                        : "a result has neither fields nor missing nor error");
    }

    /// Objects and lists stay their JSON text, which fits no field and is shown in the reason.
    private static @Nullable Object value(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> node.stringValue();
            case NUMBER -> node.numberValue();
            case BOOLEAN -> node.booleanValue();
            case NULL, MISSING -> null;
            case ARRAY, OBJECT, BINARY, POJO -> node;
        };
    }
}
