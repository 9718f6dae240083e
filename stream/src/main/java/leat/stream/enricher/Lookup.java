package leat.stream.enricher;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leat.core.contract.Field;
import leat.core.enrich.Answers.Answer;
import leat.core.enrich.Answers.Question;
import leat.core.validate.Row;
import leat.stream.log.LogUnavailable;
import leat.stream.log.PartitionStopped;
import leat.stream.log.StageHealth;
import leat.stream.reference.Found;
import leat.stream.reference.ReferenceUnavailable;
import leat.stream.reference.ReferenceView;

/// Rows in memory as a step looks them up.
///
/// @param found what a row is as an answer
record Lookup(ReferenceView rows, RowAnswer found) {

    private static final Duration LOOK = Duration.ofSeconds(1);

    /// Makes an answer of a row.
    @FunctionalInterface
    interface RowAnswer {
        Answer answer(Row row, String seen);
    }

    /// In a reference contract, whose rows are answers as they are.
    static Lookup inReference(ReferenceView rows) {
        return new Lookup(rows, (row, seen) -> new Answer.Found(values(row), seen));
    }

    /// Answers in the order of the questions. Events wait for the rows; they never die for want of
    /// them.
    ///
    /// @throws PartitionStopped when the rows are not kept any more
    List<Answer> ask(List<Question> questions) {
        awaitReady();
        try {
            return questions.stream().map(this::answer).toList();
        } catch (ReferenceUnavailable e) {
            throw new PartitionStopped(String.valueOf(e.getMessage()));
        }
    }

    private void awaitReady() {
        try {
            while (!rows.awaitReady(LOOK)) {
                refuseStopped();
            }
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    private void refuseStopped() {
        if (rows.health() instanceof StageHealth.Stopped(String why)) {
            throw new PartitionStopped(
                    "the rows of "
                            + rows.contract().nameAndMajor()
                            + " cannot be looked up: "
                            + why);
        }
    }

    private Answer answer(Question question) {
        return switch (rows.find(question.key())) {
            case Found.Hit hit -> found.answer(hit.row(), hit.seen().toString());
            case Found.Miss miss -> new Answer.Missing(miss.seen().toString());
            case Found.Unreadable unreadable -> new Answer.Failed(unreadable.why());
        };
    }

    /// The values that a row has, by the names of its fields.
    static Map<String, Object> values(Row row) {
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < row.fields().size(); i++) {
            Field field = row.fields().get(i);
            Object value = row.value(i);
            if (value != null) {
                values.put(field.name(), value);
            }
        }
        return values;
    }
}
