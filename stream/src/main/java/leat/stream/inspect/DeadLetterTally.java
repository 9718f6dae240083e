package leat.stream.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leat.stream.inspect.DeadLetter.DeathReason;
import leat.stream.inspect.DeadLetters.Group;

/// Dead letters counted by why they died.
final class DeadLetterTally {

    private static final String OTHERS = "…";

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

    private final DeadLetterFilter filter;
    private final Map<Key, Group> groups = new TreeMap<>();
    private long letters;

    DeadLetterTally(DeadLetterFilter filter) {
        this.filter = filter;
    }

    void add(DeadLetter letter) {
        if (!filter.accepts(letter)) {
            return;
        }
        letters++;
        filter.reasons(letter).stream()
                .map(reason -> key(letter, reason))
                .distinct()
                .forEach(key -> groups.merge(key, group(key, letter), DeadLetterTally::merge));
    }

    long letters() {
        return letters;
    }

    /// The groups, largest first.
    List<Group> groups() {
        List<Group> sorted = new ArrayList<>(groups.values());
        sorted.sort(
                Comparator.comparingLong(Group::count)
                        .reversed()
                        .thenComparing(Group::contract)
                        .thenComparing(Group::stage)
                        .thenComparing(Group::code)
                        .thenComparing(Group::field));
        return sorted;
    }

    private Key key(DeadLetter letter, DeathReason reason) {
        Key key =
                new Key(
                        letter.contract(),
                        letter.version(),
                        letter.stage(),
                        reason.code(),
                        reason.group());
        return groups.size() < DeadLetters.MAX_GROUPS || groups.containsKey(key)
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
