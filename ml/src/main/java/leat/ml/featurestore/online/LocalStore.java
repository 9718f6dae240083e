package leat.ml.featurestore.online;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.stream.log.LogConnection;
import leat.stream.log.StageHealth;

/// A view of the `latest` topics on this process's own disk. It reads each topic without a group,
/// keeps vectors and positions in one write, and so begins where it was killed, with nothing lost
/// and nothing twice. A view is served once all that stood in its topic at the start is read.
public final class LocalStore implements OnlineStore {

    private final VectorFiles files;

    /// By topic: a view is slow to compare.
    private final Map<String, TopicFollower<VectorFiles.Family>> followers = new LinkedHashMap<>();

    /// Where a store works.
    ///
    /// @param folder nobody else's
    /// @param client the beginning of its clients' names
    public record Place(
            LogConnection log,
            Path folder,
            String client,
            OnlineMetrics metrics,
            InstantSource clock) {}

    private LocalStore(Place place, OnlineSettings settings, List<OnlineView> views) {
        files = VectorFiles.open(place.folder(), settings.cache());
        for (OnlineView view : views) {
            LatestSession.Place one =
                    new LatestSession.Place(
                            place.log(),
                            place.client() + "." + view.nameAndVersion(),
                            view.topic(),
                            files,
                            place.metrics().of(view),
                            place.clock());
            followers.put(view.topic(), new TopicFollower<>(view, () -> LatestSession.open(one)));
        }
    }

    /// Opens the store and returns at once; the topics need not be there yet. What it has of other
    /// views is removed.
    ///
    /// @throws OnlineUnavailable when the folder cannot be used
    public static LocalStore open(Place place, OnlineSettings settings, List<OnlineView> views) {
        LocalStore store = new LocalStore(place, settings, views);
        store.files.keepOnly(views.stream().map(OnlineView::topic).toList());
        store.followers.values().forEach(TopicFollower::start);
        return store;
    }

    @Override
    public List<Optional<StoredVector>> vectors(OnlineView view, List<String> entities) {
        TopicFollower<VectorFiles.Family> follower = follower(view);
        try {
            return files.vectors(follower.served(), entities);
        } catch (StoreFailed e) {
            throw unavailable(e);
        }
    }

    @Override
    public boolean holds(OnlineView view, Map<Integer, Long> offsets) {
        TopicFollower<VectorFiles.Family> follower = follower(view);
        if (!follower.isServed()) {
            return false;
        }
        VectorFiles.Family family = follower.served();
        try {
            return offsets.entrySet().stream()
                    .allMatch(offset ->
                            files.position(family, offset.getKey()).orElse(0) >= offset.getValue());
        } catch (StoreFailed e) {
            throw unavailable(e);
        }
    }

    private TopicFollower<VectorFiles.Family> follower(OnlineView view) {
        TopicFollower<VectorFiles.Family> follower = followers.get(view.topic());
        if (follower == null) {
            throw new IllegalArgumentException("not opened with " + view.nameAndVersion());
        }
        return follower;
    }

    private static OnlineUnavailable unavailable(StoreFailed cause) {
        return new OnlineUnavailable(
                String.valueOf(cause.getMessage()),
                "look after the disk; if the files are damaged, stop the process and remove them:"
                        + " they are made again from the log",
                cause);
    }

    @Override
    public void replaced(OnlineView former) {
        follower(former).replaced();
    }

    @Override
    public Map<String, StageHealth> health() {
        Map<String, StageHealth> health = new LinkedHashMap<>();
        followers.values().stream()
                .filter(follower -> !follower.hasLeft())
                .forEach(follower -> health.put(follower.view(), follower.health()));
        return health;
    }

    @Override
    public void close() {
        followers.values().forEach(TopicFollower::stop);
        followers.values().forEach(TopicFollower::close);
        files.close();
    }
}
