package leat.core.monitor;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// The profile of known texts while it grows.
final class CategoryTally implements FeatureTally {

    private static final int MAX_CHARS = 200;

    private final SequencedMap<String, Long> counts = new LinkedHashMap<>();
    private long nulls;
    private long others;

    CategoryTally(Collection<String> known) {
        known.forEach(name -> counts.put(name, 0L));
    }

    /// A value as the text that it counts for.
    static String text(Object value) {
        String text = String.valueOf(value);
        return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS);
    }

    @Override
    public void add(@Nullable Object value) {
        if (value == null) {
            nulls++;
        } else if (counts.computeIfPresent(text(value), (_, count) -> count + 1) == null) {
            others++;
        }
    }

    @Override
    public FeatureProfile.Categories profile() {
        return new FeatureProfile.Categories(nulls, counts, others);
    }
}
