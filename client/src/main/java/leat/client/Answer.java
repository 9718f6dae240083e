package leat.client;

import java.util.ArrayList;
import java.util.List;

/// What became of a batch: all its events are answered for.
///
/// @param accepted how many are in the log; which of them are duplicates the platform finds later
/// @param dead how many are in the log as dead letters, with their reasons
/// @param refused how many are stored nowhere
/// @param deduplication whether all accepted events get the same ids when they are sent again
/// @param ids of the accepted events, in their order; empty where they were not asked for
/// @param problems the events that were not accepted, in their order
public record Answer(
        long accepted,
        long dead,
        long refused,
        boolean deduplication,
        List<String> ids,
        List<Problem> problems) {

    public Answer {
        ids = List.copyOf(ids);
        problems = List.copyOf(problems);
    }

    /// An event that was not accepted.
    ///
    /// @param index its place in the batch
    /// @param dead whether it is a dead letter; else it is stored nowhere
    /// @param id of the dead letter; empty for none
    public record Problem(int index, boolean dead, String id, List<Reason> reasons) {
        public Problem {
            reasons = List.copyOf(reasons);
        }
    }

    /// Why an event was not accepted.
    ///
    /// @param code a word for programs, `missing`
    /// @param field the path of the field; empty for the event as a whole
    public record Reason(String code, String field, String message) {}

    /// How many events it answers for.
    public long events() {
        return accepted + dead + refused;
    }

    /// The answer for one event that no request has room for.
    static Answer tooLarge(Event event) {
        String message =
                "the event of "
                        + event.payload().length
                        + " bytes is larger than what the collector takes";
        return new Answer(
                0,
                0,
                1,
                true,
                List.of(),
                List.of(new Problem(0, false, "", List.of(new Reason("too-large", "", message)))));
    }

    /// This answer and that of the events behind it, as one.
    Answer and(Answer next) {
        int before = Math.toIntExact(events());
        List<String> allIds = new ArrayList<>(ids);
        allIds.addAll(next.ids);
        List<Problem> allProblems = new ArrayList<>(problems);
        for (Problem problem : next.problems) {
            allProblems.add(
                    new Problem(
                            before + problem.index(),
                            problem.dead(),
                            problem.id(),
                            problem.reasons()));
        }
        return new Answer(
                accepted + next.accepted,
                dead + next.dead,
                refused + next.refused,
                deduplication && next.deduplication,
                allIds,
                allProblems);
    }
}
