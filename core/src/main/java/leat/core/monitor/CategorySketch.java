package leat.core.monitor;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Counts texts that nothing is known of. Those that come when [#MAX_KNOWN] are known count as
/// others.
final class CategorySketch {

    static final int MAX_KNOWN = 10 * FeatureProfile.Categories.MAX_CATEGORIES;

    private final Map<String, Long> counts = new HashMap<>();
    private long nulls;
    private long others;

    void add(@Nullable Object value) {
        if (value == null) {
            nulls++;
        } else {
            add(CategoryTally.text(value), 1);
        }
    }

    private void add(String text, long count) {
        if (counts.size() < MAX_KNOWN || counts.containsKey(text)) {
            counts.merge(text, count, Long::sum);
        } else {
            others += count;
        }
    }

    void addAll(CategorySketch more) {
        nulls += more.nulls;
        others += more.others;
        frequent(more.counts).forEach(text -> add(text.getKey(), text.getValue()));
    }

    /// The most frequent texts; equally frequent ones by their letters.
    FeatureProfile.Categories profile() {
        SequencedMap<String, Long> kept = new LinkedHashMap<>();
        long rest = others;
        for (Map.Entry<String, Long> text : frequent(counts)) {
            if (kept.size() < FeatureProfile.Categories.MAX_CATEGORIES) {
                kept.put(text.getKey(), text.getValue());
            } else {
                rest += text.getValue();
            }
        }
        return new FeatureProfile.Categories(nulls, kept, rest);
    }

    private static List<Map.Entry<String, Long>> frequent(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .sorted(
                        Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                                .thenComparing(Map.Entry.comparingByKey()))
                .toList();
    }
}
