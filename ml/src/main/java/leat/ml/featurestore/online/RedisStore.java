package leat.ml.featurestore.online;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.event.Names;
import leat.stream.log.LogConnection;
import leat.stream.log.StageHealth;

/// The `latest` topics in Redis or Valkey, one for all processes. Those that have this store share
/// the loading, a group a view. Redis has the positions of what it has, and decides itself whether
/// a record is newer than what is there: what is written again, or late, changes nothing. A Redis
/// that comes back empty or older is not served until it is brought up to date again.
public final class RedisStore implements OnlineStore {

    private final RedisVectors redis;

    /// By topic: a view is slow to compare.
    private final Map<String, TopicFollower<RedisVectors.Filling>> followers =
            new LinkedHashMap<>();

    /// Where a store works.
    ///
    /// @param password of Redis; empty for none
    public record Place(
            LogConnection log, Names names, Optional<String> password, OnlineMetrics metrics) {

        /// Without the password.
        @Override
        public String toString() {
            return "Place[" + names + "]";
        }
    }

    private RedisStore(Place place, OnlineSettings settings, List<OnlineView> views) {
        redis = new RedisVectors(settings, place.password());
        for (OnlineView view : views) {
            RedisSession.Place one =
                    new RedisSession.Place(
                            place.log(),
                            place.names().group("features-online") + "." + view.nameAndVersion(),
                            view.topic(),
                            redis,
                            new KnownPositions(view.topic()),
                            place.metrics().of(view));
            followers.put(view.topic(), new TopicFollower<>(view, () -> RedisSession.open(one)));
        }
    }

    /// Removes what Redis has of a topic that nobody serves any more.
    ///
    /// @param settings with `redis`
    /// @param password of Redis; empty for none
    /// @throws OnlineUnavailable when Redis does not do it
    public static void remove(OnlineSettings settings, Optional<String> password, String topic) {
        try (RedisVectors redis = new RedisVectors(settings, password)) {
            redis.remove(topic);
        } catch (StoreFailed e) {
            throw unavailable(e);
        }
    }

    /// Opens the store and returns at once; neither Redis nor the topics have to be there yet.
    ///
    /// @param settings with `redis`
    public static RedisStore open(Place place, OnlineSettings settings, List<OnlineView> views) {
        RedisStore store = new RedisStore(place, settings, views);
        store.followers.values().forEach(TopicFollower::start);
        return store;
    }

    @Override
    public List<Optional<StoredVector>> vectors(OnlineView view, List<String> entities) {
        TopicFollower<RedisVectors.Filling> follower = follower(view);
        try {
            return redis.vectors(view.topic(), follower.served(), entities);
        } catch (FollowerSession.TopicChanged e) {
            throw new OnlineUnavailable(
                    String.valueOf(e.getMessage()),
                    "try again: it is filled from the log; /health/ready tells when it is",
                    e);
        } catch (StoreFailed e) {
            throw unavailable(e);
        }
    }

    @Override
    public boolean holds(OnlineView view, Map<Integer, Long> offsets) {
        if (!follower(view).isServed()) {
            return false;
        }
        try {
            Map<Integer, Long> positions = redis.positions(view.topic());
            return offsets.entrySet().stream()
                    .allMatch(offset ->
                            positions.getOrDefault(offset.getKey(), 0L) >= offset.getValue());
        } catch (StoreFailed e) {
            throw unavailable(e);
        }
    }

    private TopicFollower<RedisVectors.Filling> follower(OnlineView view) {
        TopicFollower<RedisVectors.Filling> follower = followers.get(view.topic());
        if (follower == null) {
            throw new IllegalArgumentException("not opened with " + view.nameAndVersion());
        }
        return follower;
    }

    private static OnlineUnavailable unavailable(StoreFailed cause) {
        return new OnlineUnavailable(
                String.valueOf(cause.getMessage()), "try again when Redis is there", cause);
    }

    /// Nothing changes: the group that reads the topic keeps the version from being dropped.
    @Override
    public void replaced(OnlineView former) {
        TopicFollower<RedisVectors.Filling> _ = follower(former);
    }

    @Override
    public Map<String, StageHealth> health() {
        Map<String, StageHealth> health = new LinkedHashMap<>();
        followers.values().forEach(follower -> health.put(follower.view(), follower.health()));
        return health;
    }

    @Override
    public void close() {
        followers.values().forEach(TopicFollower::stop);
        followers.values().forEach(TopicFollower::close);
        redis.close();
    }
}
