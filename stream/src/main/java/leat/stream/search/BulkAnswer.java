package leat.stream.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The engine's answer to a bulk request, item by item in the request's order.
final class BulkAnswer {

    private static final JsonMapper JSON = new JsonMapper();

    /// Errors with status 400 that say something of the index or cluster, not of the document.
    private static final Set<String> NOT_THE_DOCUMENTS_FAULT =
            Set.of(
                    "index_closed_exception",
                    "cluster_block_exception",
                    "validation_exception",
                    "process_cluster_event_timeout_exception",
                    "index_primary_shard_not_allocated_exception");

    private BulkAnswer() {}

    /// @param sent how many items the request had
    /// @throws EngineUnavailable when the answer cannot be the one to such a request
    static List<ItemResult> parse(byte[] body, int sent) {
        JsonNode items;
        try {
            items = JSON.readTree(body).path("items");
        } catch (JacksonException e) {
            throw new EngineUnavailable("the bulk answer is not JSON", e);
        }
        if (items.size() != sent) {
            throw new EngineUnavailable(
                    "the bulk answer has " + items.size() + " items for " + sent + " documents");
        }
        List<ItemResult> results = new ArrayList<>(sent);
        for (JsonNode item : items) {
            results.add(result(item.path("index")));
        }
        return results;
    }

    private static ItemResult result(JsonNode item) {
        int status = item.path("status").asInt(0);
        JsonNode error = item.path("error");
        String type = error.path("type").asString("");
        if (status == 200 || status == 201) {
            return new ItemResult.Indexed();
        }
        if (status == 409) {
            return new ItemResult.AlreadyThere();
        }
        if (status == 404) {
            return new ItemResult.IndexGone(reason(status, error));
        }
        boolean documentsFault =
                (status == 400 || status == 413) && !NOT_THE_DOCUMENTS_FAULT.contains(type);
        return documentsFault
                ? new ItemResult.Refused(reason(status, error))
                : new ItemResult.TryLater(reason(status, error));
    }

    private static String reason(int status, JsonNode error) {
        StringBuilder text = new StringBuilder();
        for (JsonNode at = error; at.isObject(); at = at.path("caused_by")) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append(at.path("type").asString("error"))
                    .append(": ")
                    .append(at.path("reason").asString(""));
        }
        return text.isEmpty() ? "status " + status : text.toString();
    }
}
