package leat.stream.lake;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import leat.core.event.TopicId;

/// How far a table has read the log: for each partition the offset of the next record it has not
/// yet taken. This is the fold of its snapshots' [Advance]s, the maximum a partition, and therefore
/// the same in whatever order they are folded and however often one of them is.
///
/// @param next by partition, each at least 0; a partition that no snapshot names is absent
public record Positions(Map<Partition, Long> next) {

    public static final Positions NONE = new Positions(Map.of());

    /// One partition of the topic with that id.
    public record Partition(TopicId topic, int partition) implements Comparable<Partition> {

        private static final Comparator<Partition> ORDER =
                Comparator.comparing((Partition p) -> p.topic().value())
                        .thenComparingInt(Partition::partition);

        @Override
        public int compareTo(Partition other) {
            return ORDER.compare(this, other);
        }
    }

    public Positions {
        next = Map.copyOf(next);
    }

    /// Folds what each snapshot recorded.
    public static Positions fold(Iterable<? extends Collection<Advance>> snapshots) {
        Map<Partition, Long> next = new TreeMap<>();
        for (Collection<Advance> advances : snapshots) {
            for (Advance advance : advances) {
                next.merge(
                        new Partition(advance.topic(), advance.partition()),
                        advance.to(),
                        Math::max);
            }
        }
        return new Positions(next);
    }

    /// The next offset of a partition, empty when the table never read it.
    public OptionalLong of(TopicId topic, int partition) {
        Long offset = next.get(new Partition(topic, partition));
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    /// Whether the table has read anything of the topic.
    public boolean knows(TopicId topic) {
        return next.keySet().stream().anyMatch(partition -> partition.topic().equals(topic));
    }

    /// Whether `advances` start exactly where these positions stand; a partition not known stands
    /// at 0.
    public boolean meets(Collection<Advance> advances) {
        return advances.stream().allMatch(a -> of(a.topic(), a.partition()).orElse(0) == a.from());
    }

    /// Whether these positions are nowhere behind `others`.
    public boolean covers(Positions others) {
        return others.next().entrySet().stream()
                .allMatch(other -> next.getOrDefault(other.getKey(), -1L) >= other.getValue());
    }

    /// The whole of these positions as what a snapshot without rows of its own carries forward:
    /// each range is empty and ends where the partition stands.
    public List<Advance> carried() {
        List<Advance> carried = new ArrayList<>();
        new TreeMap<>(next)
                .forEach((partition, offset) ->
                        carried.add(
                                new Advance(
                                        partition.topic(), partition.partition(), offset, offset)));
        return carried;
    }
}
