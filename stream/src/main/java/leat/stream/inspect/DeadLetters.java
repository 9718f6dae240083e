package leat.stream.inspect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.stream.inspect.DeadLetter.DeathReason;
import leat.stream.log.LogConnection;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// What died and why, from the dead-letter topics.
public final class DeadLetters {

    /// How many records one question reads at most, the newest first of each partition.
    public static final long MAX_SCANNED = 1_000_000;

    /// How many groups a list has at most; more reasons than that are counted together.
    public static final int MAX_GROUPS = 1_000;

    /// How much of an id's beginning is enough to ask for it.
    public static final int MIN_ID_CHARS = 8;

    private static final String OTHERS = "…";

    private final LogConnection connection;
    private final Names names;

    public DeadLetters(LogConnection connection, Names names) {
        this.connection = connection;
        this.names = names;
    }

    /// Which dead letters are wanted.
    ///
    /// @param reason a reason's code, e.g. `missing`
    public record Filter(
            Optional<DeadStage> stage, Optional<String> reason, Optional<Instant> since) {
        public static final Filter ALL =
                new Filter(Optional.empty(), Optional.empty(), Optional.empty());
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
    public Listing list(List<Contract> contracts, Filter filter) {
        Tally tally = new Tally(filter);
        boolean complete = scan(contracts, filter, tally::add);
        List<Group> groups = new ArrayList<>(tally.groups.values());
        groups.sort(
                Comparator.comparingLong(Group::count)
                        .reversed()
                        .thenComparing(Group::contract)
                        .thenComparing(Group::stage)
                        .thenComparing(Group::code)
                        .thenComparing(Group::field));
        return new Listing(groups, tally.letters, complete);
    }

    /// The dead letter with this id, or the one that stands at, or comes from, this position;
    /// positions are written `topic/partition@offset`, with the topic's name or id. Of an id the
    /// first [#MIN_ID_CHARS] characters or more are enough while no other begins like it.
    public Optional<DeadLetter> show(List<Contract> contracts, String idOrPosition) {
        Search search = new Search(idOrPosition);
        scan(contracts, Filter.ALL, search::look);
        return search.found();
    }

    /// @return whether everything the filter asks for was read
    private boolean scan(List<Contract> contracts, Filter filter, Consumer<DeadLetter> taker) {
        Map<String, Source> sources = new HashMap<>();
        for (Contract contract : contracts) {
            for (DeadStage stage : DeadStage.values()) {
                if (filter.stage().isEmpty() || filter.stage().get() == stage) {
                    sources.put(
                            names.dead(contract, stage),
                            new Source(contract.nameAndMajor(), stage.word()));
                }
            }
        }
        try (TopicScan scan = new TopicScan(connection, sources.keySet())) {
            Map<TopicPartition, Long> ends = scan.ends();
            Map<TopicPartition, Long> begins =
                    filter.since().map(since -> scan.firstAt(since, ends)).orElseGet(scan::begins);
            long share = MAX_SCANNED / Math.max(1, scan.partitions().size());
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
                                            LogEvent.of(record)));
                        }
                    });
            return complete;
        }
    }

    private record Source(String contract, String stage) {}

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
            if (letter.id().equals(wanted)
                    || letter.event().where().equals(wanted)
                    || letter.event()
                            .header(EventHeaders.POSITION)
                            .filter(wanted::equals)
                            .isPresent()) {
                exact = letter;
            } else if (wanted.length() >= MIN_ID_CHARS && letter.id().startsWith(wanted)) {
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

    private record Key(String contract, String version, String stage, String code, String field)
            implements Comparable<Key> {
        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::contract)
                        .thenComparing(Key::version)
                        .thenComparing(Key::stage)
                        .thenComparing(Key::code)
                        .thenComparing(Key::field);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private static final class Tally {
        private final Filter filter;
        private final Map<Key, Group> groups = new TreeMap<>();
        private long letters;

        Tally(Filter filter) {
            this.filter = filter;
        }

        void add(DeadLetter letter) {
            List<DeathReason> wanted =
                    letter.reasons().stream()
                            .filter(reason ->
                                    filter.reason().map(reason.code()::equals).orElse(true))
                            .toList();
            if (wanted.isEmpty()) {
                return;
            }
            letters++;
            wanted.stream()
                    .map(reason -> key(letter, reason))
                    .distinct()
                    .forEach(key -> groups.merge(key, group(key, letter), Tally::merge));
        }

        /// Items of a list count as one field: `tyres[2].pressure` is `tyres[].pressure`.
        private Key key(DeadLetter letter, DeathReason reason) {
            String field = reason.field().replaceAll("\\[\\d+]", "[]");
            Key key =
                    new Key(
                            letter.contract(),
                            letter.version(),
                            letter.stage(),
                            reason.code(),
                            field);
            return groups.size() < MAX_GROUPS || groups.containsKey(key)
                    ? key
                    : new Key(letter.contract(), OTHERS, OTHERS, OTHERS, OTHERS);
        }

        private static Group group(Key key, DeadLetter letter) {
            LogEvent event = letter.event();
            return new Group(
                    key.contract(),
                    key.version(),
                    key.stage(),
                    key.code(),
                    key.field(),
                    1,
                    event.appended(),
                    event.appended(),
                    event.where(),
                    letter.id());
        }

        private static Group merge(Group before, Group one) {
            boolean newer = !one.last().isBefore(before.last());
            return new Group(
                    before.contract(),
                    before.version(),
                    before.stage(),
                    before.code(),
                    before.field(),
                    before.count() + 1,
                    one.first().isBefore(before.first()) ? one.first() : before.first(),
                    newer ? one.last() : before.last(),
                    newer ? one.sample() : before.sample(),
                    newer ? one.sampleId() : before.sampleId());
        }
    }
}
