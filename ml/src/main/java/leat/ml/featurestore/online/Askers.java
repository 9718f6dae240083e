package leat.ml.featurestore.online;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import leat.core.catalog.OnlineReader;
import org.jspecify.annotations.Nullable;

/// Who has asked for a view or a set since the process started. For many threads: a name that is
/// known is counted without a lock.
final class Askers {

    /// So many names are told apart.
    static final int MAX_NAMES = 1_000;

    private static final String OTHERS = "others";

    private final Map<String, Asker> byName = new ConcurrentHashMap<>();

    /// All that came when there were as many names as may be, and who is called so.
    private final Asker others = new Asker();

    /// What one name has asked.
    private static final class Asker {
        private final LongAdder questions = new LongAdder();
        private final LongAccumulator lastMillis = new LongAccumulator(Math::max, Long.MIN_VALUE);

        /// Whoever sees the question sees its time.
        void count(long nowMillis) {
            lastMillis.accumulate(nowMillis);
            questions.increment();
        }

        /// Empty before the first question.
        Optional<OnlineReader> reader(String name) {
            long count = questions.sum();
            return count == 0
                    ? Optional.empty()
                    : Optional.of(
                            new OnlineReader(name, count, Instant.ofEpochMilli(lastMillis.get())));
        }
    }

    /// Counts a question that was answered.
    void count(String name, long nowMillis) {
        @Nullable Asker known = byName.get(name);
        (known == null ? admitted(name) : known).count(nowMillis);
    }

    private Asker admitted(String name) {
        if (name.equals(OTHERS) || byName.size() >= MAX_NAMES) {
            return others;
        }
        synchronized (byName) {
            return byName.size() >= MAX_NAMES
                    ? byName.getOrDefault(name, others)
                    : byName.computeIfAbsent(name, _ -> new Asker());
        }
    }

    /// Those with the most questions first; at last those without a name of their own here.
    List<OnlineReader> readers() {
        List<OnlineReader> readers = new ArrayList<>();
        byName.forEach((name, asker) -> asker.reader(name).ifPresent(readers::add));
        readers.sort(
                Comparator.comparingLong(OnlineReader::questions)
                        .reversed()
                        .thenComparing(OnlineReader::name));
        others.reader(OTHERS).ifPresent(readers::add);
        return readers;
    }
}
