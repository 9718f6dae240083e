package leat.stream.send;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The collector's answer for one batch.
///
/// @param deduplication whether the ids it gave are the same when the batch is sent again
/// @param problems the rows that were not accepted
record Answer(
        long accepted, long dead, long refused, boolean deduplication, List<Problem> problems) {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    /// @param index of the row in the batch
    record Problem(int index, List<Reason> reasons) {}

    /// Why a row was not accepted.
    record Reason(String code, String field, String message) {}

    long rows() {
        return accepted + dead + refused;
    }

    /// Reads an answer to a batch.
    ///
    /// @throws SendException.Refused when it is none: then it is not a collector that answered
    static Answer parse(byte[] body, int rows) {
        JsonNode root;
        try {
            root = MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw notACollector(e.getOriginalMessage());
        }
        List<Problem> problems = new ArrayList<>();
        for (JsonNode problem : root.path("problems")) {
            List<Reason> reasons = new ArrayList<>();
            for (JsonNode reason : problem.path("reasons")) {
                reasons.add(
                        new Reason(
                                reason.path("code").asString(""),
                                reason.path("field").asString(""),
                                reason.path("message").asString("")));
            }
            problems.add(new Problem(problem.path("index").asInt(0), reasons));
        }
        Answer answer =
                new Answer(
                        root.path("accepted").asLong(0),
                        root.path("dead").asLong(0),
                        root.path("refused").asLong(0),
                        root.path("deduplication").asBoolean(false),
                        problems);
        if (answer.rows() != rows) {
            throw notACollector(
                    "it answers for " + answer.rows() + " events of a batch of " + rows);
        }
        return answer;
    }

    private static SendException.Refused notACollector(String why) {
        return new SendException.Refused(
                "unexpected-answer",
                "the answer is not a collector's: " + why + "; check the address");
    }

    /// The error of a request that was refused as a whole, in words.
    static SendException.Refused refusal(int status, byte[] body, String request) {
        String code = "http-" + status;
        String message = "";
        try {
            JsonNode error = MAPPER.readTree(body).path("error");
            code = error.path("code").asString(code);
            message =
                    (error.path("message").asString("") + ". " + error.path("remedy").asString(""))
                            .strip();
        } catch (JacksonException e) {
            // not ours: the status says it all
            message = "the answer has no explanation";
        }
        return new SendException.Refused(
                code, request + " was refused (" + status + ", " + code + "): " + message);
    }
}
