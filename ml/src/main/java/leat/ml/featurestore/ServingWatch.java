package leat.ml.featurestore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import leat.core.event.Names;
import leat.stream.log.Backoff;
import leat.stream.log.LoaderThread;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
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

    private final LogConnection log;
    private final Names names;
    private final List<Pending> pending;
    private final LoaderThread thread;
    private final Backoff backoff = new Backoff();

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

    private ServingWatch(LogConnection log, Names names, List<Change> changes) {
        this.log = log;
        this.names = names;
        this.pending = new ArrayList<>();
        changes.forEach(change -> pending.add(new Pending(log, names, change)));
        this.thread = new LoaderThread("features-serving", this::work);
    }

    /// Watches until all have changed.
    public static ServingWatch start(LogConnection log, Names names, List<Change> changes) {
        ServingWatch watch = new ServingWatch(log, names, changes);
        watch.thread.start();
        return watch;
    }

    @Override
    public void close() {
        thread.close();
    }

    private void work() {
        try {
            while (thread.isGoingOn() && !pending.isEmpty()) {
                attempt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void attempt() throws InterruptedException {
        try (Admin admin = log.admin();
                RegistryReader registry = new RegistryReader(log, names)) {
            while (thread.isGoingOn() && !pending.isEmpty()) {
                RegisteredViews registered = registry.read();
                pending.removeIf(change -> change.look(registered, admin));
                backoff.reset();
                thread.pause(INTERVAL);
            }
        } catch (LogUnavailable | KafkaException | ViewRefused e) {
            LOG.atWarn()
                    .addKeyValue("cause", e.getMessage())
                    .log("Which version of a view serves cannot be seen now");
            thread.pause(backoff.next());
        }
    }

    /// One change on its way.
    private static final class Pending {

        private final Names names;
        private final Change change;
        private final TakeOver reached;
        private final Settling settling;
        private @Nullable Map<Integer, Long> wanted;

        Pending(LogConnection log, Names names, Change change) {
            this.names = names;
            this.change = change;
            this.reached = new TakeOver(new SourceGaps(log, names.enriched(change.to().source())));
            this.settling = new Settling(log, names, change.to());
        }

        /// Whether it is done.
        boolean look(RegisteredViews registered, Admin admin) {
            int version = change.to().compiled().view().version();
            Optional<ServingHistory> history =
                    registered.serving(change.to().compiled().view().name());
            if (history.isEmpty() || history.get().current().version() < version) {
                return false;
            }
            Map<Integer, Long> offsets = wanted;
            if (offsets == null && isAsFar(registered, admin)) {
                offsets = ends(admin);
                wanted = offsets;
            }
            if (offsets == null || !change.answers().hold(offsets)) {
                return false;
            }
            change.answers().change();
            LOG.atInfo()
                    .addKeyValue("view", change.to().name())
                    .log("Online store answers with the version that has taken over");
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
            boolean isReached =
                    reached.look(former, positions.of(change.to()).positions()).isPresent();
            return settling.look(positions) && isReached;
        }

        private Map<Integer, Long> ends(Admin admin) {
            String topic = names.latest(change.to().vectors());
            Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
            try {
                int count =
                        new Topics(admin, 1).partitionCounts(List.of(topic)).getOrDefault(topic, 0);
                for (int partition = 0; partition < count; partition++) {
                    partitions.put(new TopicPartition(topic, partition), OffsetSpec.latest());
                }
                Map<Integer, Long> ends = new HashMap<>();
                admin.listOffsets(partitions, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                        .all()
                        .get()
                        .forEach((partition, at) -> ends.put(partition.partition(), at.offset()));
                return ends;
            } catch (ExecutionException e) {
                throw new LogUnavailable("cannot look at the topic " + topic, e.getCause());
            } catch (InterruptedException e) {
                throw LogUnavailable.interrupted(e);
            }
        }
    }
}
