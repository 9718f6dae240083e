package leat.stream.inspect;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import leat.core.contract.Contract;
import leat.core.encoding.PayloadDecoder;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.stream.log.LogConnection;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// What died and why, from the dead-letter topics.
public final class DeadLetters {

    /// How many records one question reads at most, the newest first of each partition.
    public static final long MAX_SCANNED = 1_000_000;

    /// How many groups a list has at most; more reasons than that are counted together.
    public static final int MAX_GROUPS = 1_000;

    private final LogConnection connection;
    private final Names names;

    public DeadLetters(LogConnection connection, Names names) {
        this.connection = connection;
        this.names = names;
    }

    /// Dead letters that died alike. A dead letter with several reasons is in several groups.
    ///
    /// @param sample where the newest of them stands
    /// @param sampleId the id of it
    public record Group(
            String contract,
            String version,
            String stage,
            String code,
            String field,
            long count,
            Instant first,
            Instant last,
            String sample,
            String sampleId) {}

    /// The groups, largest first.
    ///
    /// @param letters how many dead letters they are
    /// @param complete false when [DeadLetters#MAX_SCANNED] kept older ones from being counted
    public record Listing(List<Group> groups, long letters, boolean complete) {
        public Listing {
            groups = List.copyOf(groups);
        }
    }

    /// Counts dead letters by contract, version, stage, reason and field.
    public Listing list(List<Contract> contracts, DeadLetterFilter filter) {
        DeadLetterTally tally = new DeadLetterTally(filter);
        boolean complete = scan(contracts, filter, MAX_SCANNED, tally::add);
        return new Listing(tally.groups(), tally.letters(), complete);
    }

    /// Hands over every letter that the filter accepts, each partition in its order; what is
    /// written from now on is not among them.
    public void forEach(Contract contract, DeadLetterFilter filter, Consumer<DeadLetter> taker) {
        scan(
                List.of(contract),
                filter,
                Long.MAX_VALUE,
                letter -> {
                    if (filter.accepts(letter)) {
                        taker.accept(letter);
                    }
                });
    }

    /// The dead letter with this id, or the one that stands at, or comes from, this position;
    /// positions are written `topic/partition@offset`, with the topic's name or id. Of an id the
    /// first [DeadLetterFilter#MIN_ID_CHARS] characters or more are enough while no other begins
    /// like it.
    public Optional<DeadLetter> show(List<Contract> contracts, String idOrPosition) {
        Search search = new Search(idOrPosition);
        scan(contracts, DeadLetterFilter.ALL, MAX_SCANNED, search::look);
        return search.found();
    }

    /// @return whether everything the filter asks for was read
    private boolean scan(
            List<Contract> contracts,
            DeadLetterFilter filter,
            long maxScanned,
            Consumer<DeadLetter> taker) {
        Map<String, Source> sources = new HashMap<>();
        for (Contract contract : contracts) {
            Optional<PayloadDecoder> decoder = PayloadDecoder.of(contract);
            for (DeadStage stage : DeadStage.values()) {
                if (filter.stage().isEmpty() || filter.stage().get() == stage) {
                    sources.put(
                            names.dead(contract, stage),
                            new Source(contract.nameAndMajor(), stage.word(), decoder));
                }
            }
        }
        try (TopicScan scan = new TopicScan(connection, sources.keySet())) {
            Map<TopicPartition, Long> ends = scan.ends();
            Map<TopicPartition, Long> begins =
                    filter.since().map(since -> scan.firstAt(since, ends)).orElseGet(scan::begins);
            long share = maxScanned / Math.max(1, scan.partitions().size());
            boolean complete = true;
            Map<TopicPartition, Long> starts = new HashMap<>();
            for (TopicPartition partition : scan.partitions()) {
                long begin = TopicScan.offset(begins, partition);
                long start = Math.max(begin, TopicScan.offset(ends, partition) - share);
                starts.put(partition, start);
                complete &= start == begin;
            }
            scan.read(
                    starts,
                    ends,
                    record -> {
                        Source source = sources.get(record.topic());
                        if (source != null) {
                            taker.accept(
                                    DeadLetter.of(
                                            source.contract(),
                                            source.stage(),
                                            LogEvent.of(record, source.decoder())));
                        }
                    });
            return complete;
        }
    }

    private record Source(String contract, String stage, Optional<PayloadDecoder> decoder) {}

    /// One dead letter wanted among many.
    static final class Search {
        private final String wanted;
        private @Nullable DeadLetter exact;
        private @Nullable DeadLetter begun;
        private boolean ambiguous;

        Search(String idOrPosition) {
            this.wanted = idOrPosition;
        }

        void look(DeadLetter letter) {
            if (DeadLetterFilter.isNamed(letter, wanted)) {
                exact = letter;
            } else if (DeadLetterFilter.begins(letter, wanted)) {
                ambiguous |= begun != null && !begun.id().equals(letter.id());
                begun = letter;
            }
        }

        Optional<DeadLetter> found() {
            if (exact != null) {
                return Optional.of(exact);
            }
            return ambiguous ? Optional.empty() : Optional.ofNullable(begun);
        }
    }
}
