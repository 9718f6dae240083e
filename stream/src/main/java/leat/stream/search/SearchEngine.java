package leat.stream.search;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.config.Secrets;
import leat.core.event.TopicId;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// OpenSearch or Elasticsearch over plain HTTP: the few requests that both have in common.
///
/// Every method fails with [EngineUnavailable] when trying again later may help, and with
/// [EngineRefused] when it will not.
public final class SearchEngine implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_QUOTED_CHARS = 500;

    private final URI url;
    private final Optional<String> authorization;
    private final Duration timeout;
    private final HttpClient http;

    /// Takes secrets from this process's environment and working folder.
    public SearchEngine(URI url, SearchSettings settings) {
        this(url, settings, new Secrets(System.getenv(), Path.of("")));
    }

    /// @param url the engine's root, also with a path behind a proxy
    /// @param settings the credentials and the time limit
    /// @throws Secrets.Missing when a credential is not in its place
    public SearchEngine(URI url, SearchSettings settings, Secrets secrets) {
        String text = url.toString();
        this.url = URI.create(text.endsWith("/") ? text : text + "/");
        this.authorization = authorization(settings, secrets);
        this.timeout = settings.requestTimeout();
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .build();
    }

    /// What an index says of itself.
    ///
    /// @param uuid another one after the index was deleted and made again
    /// @param topics the ids of the topics it is loaded from; empty when Leat did not make it
    public record IndexIdentity(String uuid, Map<String, TopicId> topics) {
        public IndexIdentity {
            topics = Map.copyOf(topics);
        }
    }

    /// The index behind a name or alias; empty when there is none.
    public Optional<IndexIdentity> index(String name) {
        HttpResponse<byte[]> response = send("GET", name, new byte[0], "application/json");
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        JsonNode index = json(successful(response, name)).values().iterator().next();
        Map<String, TopicId> topics = new HashMap<>();
        index.path("mappings")
                .path("_meta")
                .path("leat_topics")
                .forEachEntry((topic, id) -> topics.put(topic, new TopicId(id.asString())));
        return Optional.of(
                new IndexIdentity(
                        index.path("settings").path("index").path("uuid").asString(), topics));
    }

    /// Makes or replaces an index template.
    public void putTemplate(String name, String body) {
        call("PUT", "_index_template/" + name, body);
    }

    /// Makes an index.
    ///
    /// @return false when it was there already
    public boolean createIndex(String name, String body) {
        try {
            call("PUT", name, body);
            return true;
        } catch (EngineRefused e) {
            if (String.valueOf(e.getMessage()).contains("resource_already_exists_exception")) {
                return false;
            }
            throw e;
        }
    }

    /// Deletes an index; a loader that works on it makes it again and loads it from the start.
    public void deleteIndex(String name) {
        call("DELETE", name, "");
    }

    /// Adds fields to an index's mapping.
    public void putMapping(String index, String body) {
        call("PUT", index + "/_mapping", body);
    }

    /// Indexes the items.
    ///
    /// @return a result an item, in their order
    List<ItemResult> bulk(List<BulkItem> items) {
        HttpResponse<byte[]> response =
                send(
                        "POST",
                        "_bulk?filter_path=items.*.status,items.*.error",
                        BulkItem.body(items),
                        "application/x-ndjson");
        return BulkAnswer.parse(successful(response, "_bulk"), items.size());
    }

    /// Makes everything that was indexed visible to searches.
    public void refresh(String index) {
        call("POST", index + "/_refresh", "");
    }

    /// How many documents a search can find.
    public long count(String index) {
        return call("GET", index + "/_count", "").path("count").asLong();
    }

    /// The engine's answer to a query in its own JSON.
    public JsonNode search(String index, String body) {
        return call("POST", index + "/_search", body);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private JsonNode call(String method, String path, String body) {
        return json(
                successful(
                        send(
                                method,
                                path,
                                body.getBytes(StandardCharsets.UTF_8),
                                "application/json"),
                        path));
    }

    private HttpResponse<byte[]> send(String method, String path, byte[] body, String type) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url.resolve(path))
                        .timeout(timeout)
                        .method(
                                method,
                                body.length == 0
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(body));
        if (body.length > 0) {
            request.header("Content-Type", type);
        }
        authorization.ifPresent(value -> request.header("Authorization", value));
        try {
            return http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new EngineUnavailable("no answer from " + url + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineUnavailable("interrupted while waiting for " + url, e);
        }
    }

    private byte[] successful(HttpResponse<byte[]> response, String path) {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return response.body();
        }
        String text = new String(response.body(), StandardCharsets.UTF_8);
        String what =
                url.resolve(path)
                        + " answered "
                        + status
                        + ": "
                        + text.substring(0, Math.min(text.length(), MAX_QUOTED_CHARS));
        if (status == 401 || status == 403) {
            throw new EngineUnavailable(
                    what + "; check search.user, search.password or search.api-key");
        }
        boolean requestsFault =
                status == 400 || status == 404 || status == 405 || status == 406 || status == 413;
        if (requestsFault) {
            throw new EngineRefused(status, what);
        }
        throw new EngineUnavailable(what);
    }

    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            throw new EngineUnavailable("the answer is not JSON", e);
        }
    }

    private static Optional<String> authorization(SearchSettings settings, Secrets secrets) {
        if (settings.apiKey().isPresent()) {
            return settings.apiKey()
                    .map(place -> "ApiKey " + secrets.resolve("search.api-key", place));
        }
        return settings.user()
                .map(user -> {
                    String pair =
                            user
                                    + ":"
                                    + secrets.resolve(
                                            "search.password", settings.password().orElseThrow());
                    return "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(pair.getBytes(StandardCharsets.UTF_8));
                });
    }
}
