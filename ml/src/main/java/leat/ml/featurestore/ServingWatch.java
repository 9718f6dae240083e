package leat.ml.featurestore;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells a process that answers with the newest vectors when it may answer with those of a version
/// that has taken over: once it has what that version had written when it was as far as the former
/// one. So an answer never goes back to what was known before. It ends when nothing is left to
/// change.
public final class ServingWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServingWatch.class);
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final RegistryWatch watch;

    /// What is to change in a process.
    ///
    /// @param from the version that it answers with
    /// @param to the version that it may answer with later
    public record Change(FeatureFlow from, FeatureFlow to, Answers answers) {}

    /// Where answers come from.
    public interface Answers {

        /// Whether all is there that stands in the version's topic of newest vectors before these
        /// offsets, by partition; false also where that cannot be said now.
        boolean hold(Map<Integer, Long> offsets);

        /// Answers with the version from now on.
        void change();
    }

    private ServingWatch(RegistryWatch watch) {
        this.watch = watch;
    }

    /// Watches until all have changed.
    public static ServingWatch start(LogConnection log, Names names, List<Change> changes) {
        RegistryWatch watch =
                new RegistryWatch(
                        "features-serving",
                        log,
                        names,
                        INTERVAL,
                        changes.stream().map(change -> new Pending(log, names, change)).toList());
        watch.start();
        return new ServingWatch(watch);
    }

    @Override
    public void close() {
        watch.close();
    }

    /// One change on its way.
    private static final class Pending implements RegistryWatch.Look {

        private final Names names;
        private final Change change;
        private final Handover handover;
        private final Settling settling;
        private @Nullable Map<Integer, Long> wanted;

        Pending(LogConnection log, Names names, Change change) {
            this.names = names;
            this.change = change;
            this.handover = new Handover(new SourceGaps(log, change.to().sourceTopic(names)));
            this.settling = new Settling(log, names, change.to());
        }

        /// Whether it is done.
        @Override
        public boolean isLast(RegisteredViews registered, Admin admin) {
            int version = change.to().compiled().view().version();
            Optional<ServingHistory> history =
                    registered.serving(change.to().compiled().view().name());
            if (history.isEmpty() || history.get().current().version() < version) {
                return false;
            }
            Map<Integer, Long> offsets = wanted;
            if (offsets == null && isAsFar(registered, admin)) {
                offsets = new ViewPositions(admin, names).ends(names.latest(change.to().vectors()));
                wanted = offsets;
            }
            if (offsets == null || !change.answers().hold(offsets)) {
                return false;
            }
            FailPoint.reach("features-serving.before-change");
            change.answers().change();
            FailPoint.reach("features-serving.after-change");
            LOG.atInfo()
                    .addKeyValue("view", change.to().name())
                    .log("Answers are those of the version that has taken over");
            return true;
        }

        private boolean isAsFar(RegisteredViews registered, Admin admin) {
            RegisteredView from = registered.versions().get(change.from().name());
            RegisteredView to = registered.versions().get(change.to().name());
            if (from == null || to == null || !from.sourceTopic().equals(to.sourceTopic())) {
                return true;
            }
            ViewPositions positions = new ViewPositions(admin, names);
            Map<Integer, Long> former = positions.of(change.from()).positions();
            return handover.look(
                            former,
                            positions.of(change.to()).positions(),
                            List.of(settling),
                            positions)
                    .isPresent();
        }
    }
}
