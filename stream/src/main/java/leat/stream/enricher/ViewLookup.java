package leat.stream.enricher;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import leat.core.contract.Field;
import leat.core.enrich.Answers.Answer;
import leat.core.enrich.Answers.Question;
import leat.core.feature.CompiledView;
import leat.core.validate.Row;
import leat.stream.log.LogUnavailable;
import leat.stream.log.PartitionStopped;
import leat.stream.log.StageHealth;
import leat.stream.reference.ReferenceView;

/// The newest vectors of a feature view as steps look them up: those of the version that serves.
/// While the workspace's version is filled, both are held in memory, and [#serve] changes from the
/// former one to it. Where the former one is dropped before, questions wait for that. Safe for many
/// threads.
public final class ViewLookup implements AutoCloseable {

    private final Lookup wanted;
    private final Optional<Lookup> former;
    private final CountDownLatch changed = new CountDownLatch(1);
    private volatile Lookup serving;

    private ViewLookup(Lookup wanted, Optional<Lookup> former) {
        this.wanted = wanted;
        this.former = former;
        this.serving = former.orElse(wanted);
    }

    /// Opens the newest vectors of versions.
    interface Reader {

        /// Starts to read those of one.
        ///
        /// @param followed whether another version is to answer in its place
        ReferenceView open(CompiledView version, boolean followed);
    }

    /// Starts to read the vectors.
    static ViewLookup open(ServedView view, Reader reader) {
        Map<String, String> types = types(view.wanted());
        return new ViewLookup(
                lookup(view.wanted(), types, reader.open(view.wanted(), false)),
                view.former().map(former -> lookup(former, types, reader.open(former, true))));
    }

    private static Lookup lookup(
            CompiledView version, Map<String, String> types, ReferenceView rows) {
        List<String> others =
                version.contract().fields().stream()
                        .filter(field ->
                                !field.type().word().equals(types.getOrDefault(field.name(), "")))
                        .map(Field::name)
                        .toList();
        return new Lookup(rows, (row, seen) -> answer(version, row, others, seen));
    }

    private static Map<String, String> types(CompiledView view) {
        return view.contract().fields().stream()
                .collect(Collectors.toMap(Field::name, field -> field.type().word()));
    }

    /// @param others features that the workspace's version has otherwise or not at all: the steps
    ///   mean other ones by their names
    private static Answer answer(
            CompiledView version, Row vector, List<String> others, String seen) {
        Map<String, Object> values = Lookup.values(vector);
        others.forEach(values::remove);
        Optional<Instant> until =
                version.view().ttl().map(ttl -> CompiledView.queryTime(vector).plus(ttl));
        return new Answer.Found(values, seen, until);
    }

    /// Answers in the order of the questions, all by one version.
    ///
    /// @throws PartitionStopped when the vectors are not kept any more
    List<Answer> ask(List<Question> questions) {
        Lookup asked = serving;
        try {
            return asked.ask(questions);
        } catch (PartitionStopped e) {
            if (!isFollowed(asked)) {
                throw e;
            }
            return wanted.ask(questions);
        }
    }

    /// Whether the workspace's version answers in the place of one that is not read any more. Where
    /// that was dropped the workspace's has taken over, and is about to be told so.
    private boolean isFollowed(Lookup asked) {
        if (asked.equals(wanted)) {
            return false;
        }
        if (asked.rows().topicLost().isPresent()) {
            awaitChange();
        }
        return serving.equals(wanted);
    }

    private void awaitChange() {
        try {
            changed.await();
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    /// Whether all is in memory that stands in the workspace's version's topic of newest vectors
    /// before these offsets, by partition.
    public boolean holds(Map<Integer, Long> offsets) {
        return wanted.rows().holds(offsets);
    }

    /// Answers by the workspace's version from now on, and reads the former one no more.
    public void serve() {
        serving = wanted;
        changed.countDown();
        former.ifPresent(version -> version.rows().stop());
    }

    /// How the versions that are read are doing, by `NAME.vN`.
    Map<String, StageHealth> health() {
        Map<String, StageHealth> health = new TreeMap<>();
        Stream.of(wanted, serving)
                .map(Lookup::rows)
                .forEach(rows -> health.put(rows.contract().nameAndMajor(), health(rows)));
        return health;
    }

    private StageHealth health(ReferenceView rows) {
        return rows.equals(wanted.rows())
                ? rows.health()
                : rows.topicLost()
                        .<StageHealth>map(since -> new StageHealth.Retrying(since, waiting(rows)))
                        .orElseGet(rows::health);
    }

    private String waiting(ReferenceView rows) {
        return rows.contract().nameAndMajor()
                + " was dropped; look-ups wait until the newest vectors of "
                + wanted.rows().contract().nameAndMajor()
                + " have been read";
    }

    /// Asks it to end; returns at once.
    void stop() {
        changed.countDown();
        each(ReferenceView::stop);
    }

    @Override
    public void close() {
        stop();
        each(ReferenceView::close);
    }

    private void each(Consumer<ReferenceView> what) {
        what.accept(wanted.rows());
        former.map(Lookup::rows).ifPresent(what);
    }
}
