package leat.stream.send;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leat.client.Answer;
import leat.stream.send.SendResult.Example;
import leat.stream.send.SendResult.Rejection;

/// The counts of one run. Not thread-safe.
final class Tally {

    private static final int MAX_GROUPS = 100;
    private static final int MAX_EXAMPLES = 3;

    private long accepted;
    private long dead;
    private long refused;
    private boolean repeatable = true;
    private final Map<Answer.Reason, Group> groups = new LinkedHashMap<>();

    private static final class Group {
        private long count;
        private final List<Example> examples = new ArrayList<>();
    }

    /// What an earlier run had counted.
    void restore(ProgressFile.State state) {
        accepted += state.accepted();
        dead += state.dead();
        refused += state.refused();
    }

    void add(String input, Batch batch, Answer answer) {
        accepted += answer.accepted();
        dead += answer.dead();
        refused += answer.refused();
        repeatable &= answer.deduplication() || answer.accepted() == 0;
        for (Answer.Problem problem : answer.problems()) {
            long line =
                    problem.index() >= 0 && problem.index() < batch.rows().size()
                            ? batch.rows().get(problem.index()).line()
                            : 0;
            for (Answer.Reason reason : problem.reasons()) {
                add(reason, new Example(input, line, reason.message()));
            }
        }
    }

    private void add(Answer.Reason reason, Example example) {
        Answer.Reason kind = new Answer.Reason(reason.code(), reason.field(), "");
        if (groups.size() >= MAX_GROUPS && !groups.containsKey(kind)) {
            kind = new Answer.Reason("other", "", "");
        }
        Group group = groups.computeIfAbsent(kind, ignored -> new Group());
        group.count++;
        if (group.examples.size() < MAX_EXAMPLES) {
            group.examples.add(example);
        }
    }

    void notRepeatable() {
        repeatable = false;
    }

    long accepted() {
        return accepted;
    }

    long dead() {
        return dead;
    }

    long refused() {
        return refused;
    }

    long rows() {
        return accepted + dead + refused;
    }

    boolean repeatable() {
        return repeatable;
    }

    List<Rejection> rejections() {
        List<Rejection> rejections = new ArrayList<>();
        groups.forEach((kind, group) ->
                rejections.add(
                        new Rejection(kind.code(), kind.field(), group.count, group.examples)));
        rejections.sort(Comparator.comparingLong(Rejection::count).reversed());
        return rejections;
    }
}
