package leat.core.enrich;

import java.util.ArrayList;
import java.util.List;
import leat.core.contract.EnrichQuestion.Source;
import leat.core.contract.Field;
import leat.core.enrich.Answers.Answer;
import leat.core.enrich.Answers.Question;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.validate.Fault;
import leat.core.validate.JsonText;
import leat.core.validate.Row;
import org.jspecify.annotations.Nullable;

/// Does one asking step for many events at once, so that the source can be asked for many keys in
/// one call.
final class Fetching {

    private final Step.Fetched step;
    private final String name;
    private final List<Step.Target> targets;

    Fetching(Step.Fetched step) {
        this.step = step;
        this.name =
                switch (step.question().source()) {
                    case Source.Reference reference -> "look-up in " + reference.contract();
                    case Source.Service service -> "api " + service.name();
                };
        this.targets = step.taken().stream().map(Step.Taken::target).toList();
    }

    void apply(List<Work> works, Answers answers) {
        List<Work> asking = new ArrayList<>(works.size());
        List<Question> questions = new ArrayList<>(works.size());
        for (Work work : works) {
            Question question = question(work.row());
            if (question == null) {
                missing(work, "the event has no key to ask for");
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
                    name + ": " + answered.size() + " answers to " + questions.size());
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
            case Answer.Found found -> {
                work.saw(found.seen());
                found(work, found);
            }
            case Answer.Missing missing -> {
                work.saw(missing.seen());
                missing(work, "nothing is known of '" + question.key() + "'");
            }
            case Answer.Failed failed -> failed(work, "", failed.why());
        }
    }

    /// All values of the answer, or none: half an answer is a failure.
    private void found(Work work, Answer.Found found) {
        @Nullable Object[] values = new Object[targets.size()];
        for (int i = 0; i < values.length; i++) {
            Step.Taken taken = step.taken().get(i);
            Object given = found.values().get(taken.name());
            if (given == null) {
                continue;
            }
            Step.Target target = taken.target();
            try {
                Object value = FetchedValue.of(target.field().type(), given);
                Fault fault = target.check().check(value);
                if (fault != null) {
                    failed(work, target.field().name(), fault.message());
                    return;
                }
                values[i] = value;
            } catch (IllegalArgumentException e) {
                failed(work, target.field().name(), String.valueOf(e.getMessage()));
                return;
            }
        }
        for (int i = 0; i < values.length; i++) {
            work.set(targets.get(i).index(), values[i]);
        }
    }

    private void missing(Work work, String why) {
        work.missing(step.fallbacks().onMissing(), targets, reason("", why));
    }

    private void failed(Work work, String field, String why) {
        work.fallBack(step.fallbacks().onFailure(), targets, reason(field, why));
    }

    private Reason reason(String field, String why) {
        return new Reason(
                ReasonCode.ENRICHMENT,
                field.isEmpty() ? targets.getFirst().field().name() : field,
                name + ": " + why);
    }
}
