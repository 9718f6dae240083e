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
    /// @param actual the ids the topics have now; one that is not there is not judged
    static void checkTopics(
            String index, Map<String, TopicId> pinned, Map<String, TopicId> actual) {
        pinned.forEach((topic, id) -> {
            TopicId now = actual.get(topic);
            if (now != null && !now.equals(id)) {
                throw new LoaderStopped(
                        "topic "
                                + topic
                                + " was deleted and made again: index "
                                + index
                                + " was loaded from topic id "
                                + id
                                + ", now it is "
                                + now
                                + "; delete the index to have it loaded from the new topic, or copy"
                                + " it under another name first to keep the old documents");
            }
        });
    }
}
