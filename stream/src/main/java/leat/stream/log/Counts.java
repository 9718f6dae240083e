package leat.stream.log;

/// What became of the records of a partition that a stage has read: each was passed on, died, or
/// was dropped as a duplicate.
///
/// @param passed events written to the stage's output
/// @param dead events written to its dead letters
/// @param duplicates events dropped because they had been there before
/// @param times the event times of those passed on; [EventTimes#NONE] where the stage does not look
public record Counts(long passed, long dead, long duplicates, EventTimes times) {

    public static final Counts NONE = new Counts(0, 0, 0);

    public Counts {
        if (passed < 0 || dead < 0 || duplicates < 0) {
            throw new IllegalArgumentException("a count is negative");
        }
    }

    /// Counts of a stage that does not look at event times.
    public Counts(long passed, long dead, long duplicates) {
        this(passed, dead, duplicates, EventTimes.NONE);
    }

    public Counts plus(Counts more) {
        return new Counts(
                passed + more.passed,
                dead + more.dead,
                duplicates + more.duplicates,
                times.plus(more.times));
    }
}
