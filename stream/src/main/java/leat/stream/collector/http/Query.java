package leat.stream.collector.http;

import java.util.Optional;
import leat.stream.collector.http.HttpProblem.RefusedRequest;

/// What stands behind the question mark of `/v1/events/{contract}`.
///
/// @param withIds whether the answer tells the ids
/// @param key the key of a page
record Query(boolean withIds, Optional<String> key) {

    private static final String KEY = "key=";

    /// @param page whether a page in a browser asks: no other client may put its key where servers
    ///   and proxies log it
    /// @throws RefusedRequest when there is anything else
    static Query of(String text, boolean page) throws RefusedRequest {
        boolean withIds = true;
        Optional<String> key = Optional.empty();
        if (text.isEmpty()) {
            return new Query(withIds, key);
        }
        for (String part : text.split("&", 3)) {
            if (part.equals("ids=true") || part.equals("ids=false")) {
                withIds = part.equals("ids=true");
            } else if (page && part.startsWith(KEY) && key.isEmpty()) {
                key = Optional.of(part.substring(KEY.length()));
            } else if (part.startsWith(KEY)) {
                throw new RefusedRequest(
                        HttpProblem.badRequest(
                                "key-in-query",
                                page
                                        ? "the query has two keys"
                                        : "a key in the query would be written into logs",
                                page
                                        ? "send one"
                                        : "send it in the header 'Authorization: Bearer KEY', and"
                                                + " rotate it if it was a server's"));
            } else {
                throw new RefusedRequest(
                        HttpProblem.badRequest(
                                "unknown-parameter",
                                "the query " + Route.shown(part) + " is not understood",
                                "use ids=false, ids=true or nothing"
                                        + (page ? "; a page also key=KEY" : "")));
            }
        }
        return new Query(withIds, key);
    }
}
