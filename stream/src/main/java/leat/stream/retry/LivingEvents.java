package leat.stream.retry;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import leat.core.contract.Contract;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.stream.inspect.TopicScan;
import leat.stream.log.EventHeader;
import leat.stream.log.LogConnection;
import org.apache.kafka.common.TopicPartition;

/// Which events that died stand in the enriched topic all the same, because somebody sent them
/// again: to bring those back would have them in the lake twice, and the older one in search.
final class LivingEvents {

    private LivingEvents() {}

    /// Reads the enriched topic from a time on, which takes as long as it has events since.
    ///
    /// @param wanted the hashes of source and id of the events that are asked for
    /// @return those of them that are there
    static Set<Hash128> among(
            Set<Hash128> wanted, LogConnection log, Names names, Contract contract, Instant from) {
        Set<Hash128> living = new HashSet<>();
        if (wanted.isEmpty()) {
            return living;
        }
        try (TopicScan scan = new TopicScan(log, List.of(names.enriched(contract)))) {
            Map<TopicPartition, Long> ends = scan.ends();
            scan.read(
                    scan.firstAt(from, ends),
                    ends,
                    record ->
                            EventHeader.identity(record.headers())
                                    .map(event -> Hash128.of(event.source(), event.id()))
                                    .filter(wanted::contains)
                                    .ifPresent(living::add));
        }
        return living;
    }
}
