package leat.stream.search;

import java.util.Map;
import java.util.Optional;
import leat.core.event.TopicId;

/// Brings an index to the state its template wants, and holds it to the topics it was made for.
final class SearchIndex {

    private SearchIndex() {}

    /// Makes the index, or checks it and adds new fields to it.
    ///
    /// @return the index's uuid: offsets that were committed for another one say nothing
    /// @throws LoaderStopped when the index belongs to other topics or another layout
    static String ensure(SearchEngine engine, IndexTemplate template) {
        try {
            engine.putTemplate(template.index(), template.templateBody());
            Optional<SearchEngine.IndexIdentity> found = engine.index(template.index());
            if (found.isEmpty()) {
                engine.createIndex(template.index(), template.indexBody());
                found = engine.index(template.index());
            }
            SearchEngine.IndexIdentity index =
                    found.orElseThrow(() -> new EngineUnavailable(template.index() + " vanished"));
            checkTopics(template, index);
            engine.putMapping(template.index(), template.mapping());
            return index.uuid();
        } catch (EngineRefused e) {
            throw new LoaderStopped(
                    "index "
                            + template.index()
                            + " cannot be brought to its contract: "
                            + e.getMessage()
                            + "; raise the contract's major version, or delete the index to have it"
                            + " loaded again from the log");
        }
    }

    private static void checkTopics(IndexTemplate template, SearchEngine.IndexIdentity index) {
        if (index.topics().isEmpty()) {
            throw new LoaderStopped(
                    "index "
                            + template.index()
                            + " was not made by Leat; delete or rename it, or choose another prefix");
        }
        checkTopics(template.index(), index.topics(), template.topics());
    }

    /// @param pinned the topic ids the index was made for
    /// @param actual the ids the topics have now
    static void checkTopics(
            String index, Map<String, TopicId> pinned, Map<String, TopicId> actual) {
        actual.forEach((topic, id) -> {
            if (!id.equals(pinned.get(topic))) {
                throw new LoaderStopped(
                        "topic "
                                + topic
                                + " was deleted and made again: index "
                                + index
                                + " was loaded from topic id "
                                + pinned.get(topic)
                                + ", now it is "
                                + id
                                + "; delete the index to have it loaded from the new topic, or"
                                + " rename it first to keep the old documents");
            }
        });
    }
}
