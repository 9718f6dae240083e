package leat.client;

import java.util.ArrayList;
import java.util.List;

/// What became of one event.
public sealed interface EventResult {

    /// The event's place in all that was sent, from 0.
    long index();

    /// It is in the log.
    ///
    /// @param id what it is known by; empty where ids were not asked for
    record Accepted(long index, String id) implements EventResult {}

    /// It is in the dead letters.
    ///
    /// @param id of the dead letter
    record Dead(long index, String id, List<Answer.Reason> reasons) implements EventResult {
        public Dead {
            reasons = List.copyOf(reasons);
        }
    }

    /// It is stored nowhere.
    record Refused(long index, List<Answer.Reason> reasons) implements EventResult {
        public Refused {
            reasons = List.copyOf(reasons);
        }
    }

    /// The results of a batch, one for each of its events.
    static List<EventResult> of(Batch batch, Answer answer) {
        List<EventResult> results = new ArrayList<>(batch.events().size());
        int accepted = 0;
        int problems = 0;
        for (int i = 0; i < batch.events().size(); i++) {
            long index = batch.firstIndex() + i;
            if (problems < answer.problems().size()
                    && answer.problems().get(problems).index() == i) {
                Answer.Problem problem = answer.problems().get(problems++);
                results.add(
                        problem.dead()
                                ? new Dead(index, problem.id(), problem.reasons())
                                : new Refused(index, problem.reasons()));
            } else {
                String id = accepted < answer.ids().size() ? answer.ids().get(accepted) : "";
                accepted++;
                results.add(new Accepted(index, id));
            }
        }
        return results;
    }
}
