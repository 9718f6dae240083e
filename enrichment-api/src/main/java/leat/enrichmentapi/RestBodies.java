package leat.enrichmentapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leat.core.validate.ParserMessage;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The bodies of the REST door.
final class RestBodies {

    /// How a call looks.
    static final String EXAMPLE = "send {\"requests\": [{\"key\": \"car-17\"}]}";

    private static final JsonMapper JSON = new JsonMapper();

    private RestBodies() {}

    /// A body that is no call.
    static final class BadBody extends Exception {
        private static final long serialVersionUID = 1;
        private final String code;

        BadBody(String code, String message) {
            super(message, null, false, false);
            this.code = code;
        }

        String code() {
            return code;
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }

    /// What a call asks.
    static List<Question> questions(byte[] body) throws BadBody {
        JsonNode root;
        try {
            root = JSON.readTree(body);
        } catch (JacksonException e) {
            throw new BadBody("bad-json", "the body is not JSON: " + ParserMessage.of(e));
        }
        JsonNode requests = root.path("requests");
        if (!requests.isArray()) {
            throw new BadBody("bad-request", "the body has no list 'requests'");
        }
        List<Question> questions = new ArrayList<>(requests.size());
        for (JsonNode request : requests) {
            String place = "requests[" + questions.size() + "]";
            JsonNode key = request.path("key");
            JsonNode event = request.path("event");
            if (!key.isString()) {
                throw new BadBody("bad-request", place + " has no text 'key'");
            }
            if (!event.isMissingNode() && !event.isObject()) {
                throw new BadBody("bad-request", place + ".event is no object");
            }
            questions.add(
                    new Question(key.stringValue(), event.isObject() ? event.toString() : ""));
        }
        return questions;
    }

    static Map<String, Object> result(Answer answer) {
        Map<String, Object> result = new LinkedHashMap<>();
        String seen =
                switch (answer) {
                    case Answer.Found found -> {
                        result.put("fields", found.fields());
                        yield found.seen();
                    }
                    case Answer.Missing missing -> {
                        result.put("missing", true);
                        yield missing.seen();
                    }
                    case Answer.Failed failed -> {
                        result.put("error", failed.why());
                        yield "";
                    }
                };
        if (!seen.isEmpty()) {
            result.put("seen", seen);
        }
        return result;
    }
}
