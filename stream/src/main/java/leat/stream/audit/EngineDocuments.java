package leat.stream.audit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import leat.core.event.Hash128;
import leat.stream.search.SearchEngine;
import tools.jackson.databind.JsonNode;

/// The search engine's documents as an audit reads them: ids, versions and raw positions. The index
/// is refreshed before each question, so that what was loaded can be found; an index that does not
/// exist has no documents.
public final class EngineDocuments implements SearchDocumentsSource {

    /// Raw offsets asked for at once; half of what an engine gives in one answer.
    private static final int OFFSETS_AT_ONCE = 5_000;

    private static final int MAX_HITS = 10_000;

    private final SearchEngine engine;

    /// @param engine stays the caller's
    public EngineDocuments(SearchEngine engine) {
        this.engine = engine;
    }

    @Override
    public long count(String index, int partition, OffsetRange range) {
        if (!ready(index)) {
            return 0;
        }
        JsonNode answer =
                engine.search(
                        index,
                        "{\"size\":0,\"track_total_hits\":true,\"query\":"
                                + query(partition, range)
                                + "}");
        return answer.path("hits").path("total").path("value").asLong();
    }

    @Override
    public void documents(
            String index, int partition, OffsetRange range, DocumentConsumer consumer) {
        if (!ready(index)) {
            return;
        }
        for (long from = range.from(); from < range.to(); from += OFFSETS_AT_ONCE) {
            page(
                    index,
                    partition,
                    new OffsetRange(from, Math.min(from + OFFSETS_AT_ONCE, range.to())),
                    consumer);
        }
    }

    @Override
    public Map<Hash128, Long> versions(String index, Collection<Hash128> ids) {
        if (!ready(index)) {
            return Map.of();
        }
        String list =
                ids.stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(",", "[", "]"));
        Map<Hash128, Long> versions = new HashMap<>();
        for (JsonNode hit :
                hits(
                        index,
                        "{\"size\":"
                                + MAX_HITS
                                + ",\"_source\":false,\"version\":true,\"query\":{\"ids\":{\"values\":"
                                + list
                                + "}}}")) {
            versions.put(id(hit), hit.path("_version").asLong());
        }
        return versions;
    }

    @Override
    public long countDead(String index, TimeRange range) {
        if (!ready(index)) {
            return 0;
        }
        return engine.search(
                        index,
                        "{\"size\":0,\"track_total_hits\":true,\"query\":"
                                + deadQuery(range, "")
                                + "}")
                .path("hits")
                .path("total")
                .path("value")
                .asLong();
    }

    @Override
    public void deadDocuments(String index, TimeRange range, Consumer<Hash128> ids) {
        if (ready(index)) {
            deadPage(index, range, "", ids);
        }
    }

    /// Ids are hashes, so each further digit of their beginning makes a sixteenth of a page.
    private void deadPage(String index, TimeRange range, String prefix, Consumer<Hash128> ids) {
        List<JsonNode> hits =
                hits(
                        index,
                        "{\"size\":"
                                + MAX_HITS
                                + ",\"_source\":false,\"query\":"
                                + deadQuery(range, beginning(prefix))
                                + "}");
        if (hits.size() == MAX_HITS && prefix.length() < 32) {
            for (char digit : "0123456789abcdef".toCharArray()) {
                deadPage(index, range, prefix + digit, ids);
            }
            return;
        }
        hits.forEach(hit -> ids.accept(id(hit)));
    }

    private static String beginning(String prefix) {
        return prefix.isEmpty() ? "" : ",{\"prefix\":{\"leat_dead_id\":\"" + prefix + "\"}}";
    }

    /// A document without an id of its own, which no loader writes, is in no page and so is not
    /// counted either.
    private static String deadQuery(TimeRange range, String filter) {
        return "{\"bool\":{\"filter\":[{\"exists\":{\"field\":\"leat_dead_id\"}},"
                + "{\"range\":{\"leat_appended\":{\"format\":\"epoch_millis\",\"gte\":"
                + range.from()
                + ",\"lt\":"
                + range.to()
                + "}}}"
                + filter
                + "]}}";
    }

    private boolean ready(String index) {
        if (engine.index(index).isEmpty()) {
            return false;
        }
        engine.refresh(index);
        return true;
    }

    private void page(String index, int partition, OffsetRange range, DocumentConsumer consumer) {
        List<JsonNode> hits =
                hits(
                        index,
                        "{\"size\":"
                                + MAX_HITS
                                + ",\"_source\":false,\"version\":true,"
                                + "\"docvalue_fields\":[\"leat_offset\"],\"query\":"
                                + query(partition, range)
                                + "}");
        if (hits.size() == MAX_HITS && range.to() - range.from() > 1) {
            long middle = (range.from() + range.to()) / 2;
            page(index, partition, new OffsetRange(range.from(), middle), consumer);
            page(index, partition, new OffsetRange(middle, range.to()), consumer);
            return;
        }
        for (JsonNode hit : hits) {
            consumer.document(
                    id(hit),
                    hit.path("fields").path("leat_offset").path(0).asLong(),
                    hit.path("_version").asLong());
        }
    }

    private List<JsonNode> hits(String index, String body) {
        List<JsonNode> hits = new ArrayList<>();
        engine.search(index, body).path("hits").path("hits").forEach(hits::add);
        return hits;
    }

    private static String query(int partition, OffsetRange range) {
        return "{\"bool\":{\"filter\":[{\"term\":{\"leat_partition\":"
                + partition
                + "}},{\"range\":{\"leat_offset\":{\"gte\":"
                + range.from()
                + ",\"lt\":"
                + range.to()
                + "}}}]}}";
    }

    /// A document whose id is no hash was not made by Leat; it gets a hash of its own, and so has
    /// no enriched event.
    private static Hash128 id(JsonNode hit) {
        String text = hit.path("_id").asString("");
        return HexIds.parse(text).orElseGet(() -> Hash128.of("foreign document", text));
    }
}
