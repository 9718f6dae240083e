package leat.core.enrich;

import java.util.ArrayList;
import java.util.List;
import leat.core.contract.EnrichQuestion.Source;
import leat.core.contract.Field;
import leat.core.enrich.Answers.Answer;
import leat.core.enrich.Answers.Question;
import leat.core.validate.JsonText;
import leat.core.validate.Row;
import org.jspecify.annotations.Nullable;

/// Does one asking step for many events at once, so that the source can be asked for many keys in
/// one call.
final class Fetching {

    private final Step.Fetched step;
    private final Taking taking;

    Fetching(Step.Fetched step) {
        this.step = step;
        this.taking =
                new Taking(
                        switch (step.question().source()) {
                            case Source.Reference reference -> "look-up in " + reference.name();
                            case Source.Service service -> "api " + service.name();
                        },
                        step.taken().stream().map(Step.Taken::target).toList(),
                        step.fallbacks());
    }

    void apply(List<Work> works, Answers answers) {
        List<Work> asking = new ArrayList<>(works.size());
        List<Question> questions = new ArrayList<>(works.size());
        for (Work work : works) {
            Question question = question(work.row());
            if (question == null) {
                taking.missing(work, "the event has no key to ask for");
            } else {
                asking.add(work);
                questions.add(question);
            }
        }
        if (questions.isEmpty()) {
            return;
        }
        List<Answer> answered =
                answers.ask(step.question().source(), questions, step.question().timeout());
        if (answered.size() != questions.size()) {
            throw new IllegalStateException(
                    taking.source() + ": " + answered.size() + " answers to " + questions.size());
        }
        for (int i = 0; i < asking.size(); i++) {
            take(asking.get(i), questions.get(i), answered.get(i));
        }
    }

    /// Null when the event has no key.
    private @Nullable Question question(Row row) {
        try {
            return step.key().evaluate(row) instanceof String key && !key.isEmpty()
                    ? new Question(key, sent(row))
                    : null;
        } catch (ExpressionFailed _) {
            return null;
        }
    }

    private String sent(Row row) {
        if (step.sent().isEmpty()) {
            return "";
        }
        StringBuilder json = new StringBuilder("{");
        for (int index : step.sent()) {
            Object value = row.value(index);
            if (value != null) {
                Field field = row.fields().get(index);
                JsonText.quote(field.name(), json.length() == 1 ? json : json.append(','));
                JsonText.append(field.type(), value, json.append(':'));
            }
        }
        return json.append('}').toString();
    }

    private void take(Work work, Question question, Answer answer) {
        switch (answer) {
            case Answer.Found found when found.isOver(work.time()) -> {
                work.saw(found.seen());
                taking.missing(
                        work, "what is known of '" + question.key() + "' is older than its ttl");
            }
            case Answer.Found found ->
                    taking.take(
                            work,
                            step.taken().stream()
                                    .<@Nullable Object>map(
                                            taken -> found.values().get(taken.name()))
                                    .toList(),
                            found.seen());
            case Answer.Missing missing -> {
                work.saw(missing.seen());
                taking.missing(work, "nothing is known of '" + question.key() + "'");
            }
            case Answer.Failed failed -> taking.failed(work, failed.why());
        }
    }
}
