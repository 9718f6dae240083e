package leat.ml.featurestore.online;

import java.util.HashMap;
import java.util.Map;
import leat.ml.featurestore.online.RedisVectors.Filling;
import org.jspecify.annotations.Nullable;

/// How far Redis was last known to be with a topic, over the sessions of one loader: a Redis that
/// has less than that has lost something, and who is idle would not notice otherwise. One thread
/// uses it.
final class KnownPositions {

    private final String topic;
    private final Map<Integer, Long> known = new HashMap<>();
    private @Nullable Filling filling;

    KnownPositions(String topic) {
        this.topic = topic;
    }

    /// Those of another filling say nothing of this one.
    void of(Filling present) {
        if (!present.equals(filling)) {
            known.clear();
            filling = present;
        }
    }

    /// Compares with what Redis has now, and remembers it.
    ///
    /// @throws FollowerSession.TopicChanged when it has less; all is forgotten then
    void compare(Map<Integer, Long> present) {
        boolean less =
                known.entrySet().stream()
                        .anyMatch(was -> present.getOrDefault(was.getKey(), 0L) < was.getValue());
        known.clear();
        if (less) {
            throw new FollowerSession.TopicChanged(
                    "Redis has come back with an older state of topic " + topic);
        }
        known.putAll(present);
    }

    /// Redis was given this one, and may have a later one.
    void given(int partition, long offset) {
        known.merge(partition, offset, Math::max);
    }
}
