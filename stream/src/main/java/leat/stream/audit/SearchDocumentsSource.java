package leat.stream.audit;

import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import leat.core.event.Hash128;

/// The search engine as an audit reads it.
public interface SearchDocumentsSource {

    /// How many documents come from the raw positions in `range`.
    long count(String index, int partition, OffsetRange range);

    /// Every document that comes from a raw position in `range`.
    void documents(String index, int partition, OffsetRange range, DocumentConsumer consumer);

    /// The versions of those documents that exist.
    Map<Hash128, Long> versions(String index, Collection<Hash128> ids);

    /// How many documents of an index of dead letters have a letter's timestamp in `range`.
    long countDead(String index, TimeRange range);

    /// The id of every document of an index of dead letters whose letter's timestamp lies in
    /// `range`.
    void deadDocuments(String index, TimeRange range, Consumer<Hash128> ids);

    /// Takes one document.
    @FunctionalInterface
    interface DocumentConsumer {
        /// A document, by the raw record it came from.
        ///
        /// @param id the hash of source and id
        /// @param offset of the raw record
        /// @param version the offset of the enriched record
        void document(Hash128 id, long offset, long version);
    }
}
