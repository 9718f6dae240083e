package leat.core.training;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/// What has a model trained by itself. Only the log says what was done already: by the runs of the
/// training, of which one that has ended, however it ended, answers what was there when it began.
///
/// @param schedule it is trained once in every period, counted from 1970 in UTC; never when empty
/// @param newLabels how many labels have to come since the last run's data; never when empty
/// @param maxAge of the version that answers; never when empty
/// @param drift whether an open alert about the model or the views that it takes has it trained
public record Triggers(
        Optional<Duration> schedule,
        OptionalLong newLabels,
        Optional<Duration> maxAge,
        boolean drift) {

    /// A model that is trained by command.
    public static final Triggers NONE =
            new Triggers(Optional.empty(), OptionalLong.empty(), Optional.empty(), false);

    /// So many runs that were killed are tried again at once.
    public static final int QUICK_ATTEMPTS = 5;

    /// The time between two runs after more were killed.
    public static final Duration SLOW_ATTEMPTS = Duration.ofHours(1);

    /// One run answers so many alerts; those beyond have one of their own.
    static final int MOST_ALERTS = 50;

    private static final String BETWEEN_ALERTS = " ";

    /// Whether there are any.
    public boolean isEmpty() {
        return equals(NONE);
    }

    /// A run of the training.
    ///
    /// @param answers whether it has done all that it was to do: it has ended by itself, or its
    ///   version is registered. Else its process was killed, or is at it
    /// @param cause the words of its tags [Cause#KIND_TAG] and [Cause#AT_TAG]; empty without
    public record PastRun(Instant begun, boolean answers, String cause, String at) {

        /// One with the tags of a run.
        public static PastRun of(Instant begun, boolean answers, Map<String, String> tags) {
            return new PastRun(
                    begun,
                    answers,
                    tags.getOrDefault(Cause.KIND_TAG, ""),
                    tags.getOrDefault(Cause.AT_TAG, ""));
        }
    }

    /// What has been done for the model.
    ///
    /// @param version when the version that answers was made; empty where there is none
    /// @param runs of the training, in any order
    public record Past(Optional<Instant> version, List<PastRun> runs) {
        public Past {
            runs = List.copyOf(runs);
        }

        /// When the last run began that answers; empty where none does.
        Optional<Instant> lastAnswer() {
            return runs.stream()
                    .filter(PastRun::answers)
                    .map(PastRun::begun)
                    .max(Instant::compareTo);
        }

        /// Those that were killed since.
        private List<PastRun> killed() {
            Instant answer = lastAnswer().orElse(Instant.MIN);
            return runs.stream()
                    .filter(run -> !run.answers() && !run.begun().isBefore(answer))
                    .toList();
        }

        private boolean hasAnswered(String alert) {
            return runs.stream()
                    .filter(run -> run.answers() && run.cause().equals(Cause.Kind.DRIFT.word()))
                    .anyMatch(run -> List.of(run.at().split(BETWEEN_ALERTS, -1)).contains(alert));
        }
    }

    /// What can be seen now; it is asked only what matters.
    public interface Sight {

        /// The alerts about the model that are open, each by what no other one is called, without
        /// blanks.
        Collection<String> openAlerts();

        /// Whether so many labels have come since the data of the last run that answers.
        ///
        /// @return up to where they were counted; empty where there are fewer
        Optional<String> labels(long atLeast);
    }

    /// Why to train now; empty for not now.
    public Optional<Cause> due(Past past, Instant now, Sight sight) {
        if (isTooEarly(past, now)) {
            return Optional.empty();
        }
        Optional<Instant> answer = past.lastAnswer();
        if (schedule.isPresent()) {
            Instant period = beginning(schedule.get(), now);
            if (answer.isEmpty() || answer.get().isBefore(period)) {
                return Optional.of(Cause.trigger(Cause.Kind.SCHEDULE, period.toString()));
            }
        }
        if (maxAge.isPresent()) {
            Optional<Instant> old = old(past, answer, maxAge.get());
            if (old.isEmpty() || !now.isBefore(old.get())) {
                return Optional.of(
                        Cause.trigger(Cause.Kind.AGE, old.map(Instant::toString).orElse("")));
            }
        }
        List<String> alerts = drift ? unanswered(past, sight) : List.of();
        if (!alerts.isEmpty()) {
            return Optional.of(
                    Cause.trigger(Cause.Kind.DRIFT, String.join(BETWEEN_ALERTS, alerts)));
        }
        return newLabels.isPresent()
                ? sight.labels(newLabels.getAsLong())
                        .map(at -> Cause.trigger(Cause.Kind.LABELS, at))
                : Optional.empty();
    }

    /// Runs that are killed again and again, e.g. since they take more memory than there is, shall
    /// not take all the time that there is.
    private static boolean isTooEarly(Past past, Instant now) {
        List<PastRun> killed = past.killed();
        return killed.size() >= QUICK_ATTEMPTS
                && killed.stream()
                        .map(PastRun::begun)
                        .max(Instant::compareTo)
                        .filter(last -> now.isBefore(last.plus(SLOW_ATTEMPTS)))
                        .isPresent();
    }

    private static Instant beginning(Duration period, Instant now) {
        long millis = period.toMillis();
        return Instant.ofEpochMilli(Math.floorDiv(now.toEpochMilli(), millis) * millis);
    }

    /// When what answers becomes old; a run since then that gave nothing better puts it off. Empty
    /// where nothing answers and nothing was tried.
    private static Optional<Instant> old(Past past, Optional<Instant> answer, Duration maxAge) {
        List<Instant> last = new ArrayList<>();
        past.version().ifPresent(last::add);
        answer.ifPresent(last::add);
        return last.stream().max(Instant::compareTo).map(time -> time.plus(maxAge));
    }

    private static List<String> unanswered(Past past, Sight sight) {
        return new TreeSet<>(sight.openAlerts())
                .stream().filter(alert -> !past.hasAnswered(alert)).limit(MOST_ALERTS).toList();
    }
}
