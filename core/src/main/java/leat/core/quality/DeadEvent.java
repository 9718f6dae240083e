package leat.core.quality;

import java.util.List;
import java.util.Optional;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.QualityRule;
import leat.core.contract.Range;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.validate.Row;

/// A dead letter as conditions and rules see it: who refused it and why. Its payload is not looked
/// into, since it may be anything.
public final class DeadEvent {

    private static final FieldType TEXT =
            new FieldType.Text(Range.all(), Optional.empty(), Optional.empty(), List.of());

    /// `stage`, the refusing stage's word; `codes` and `fields` of its reasons, in their order;
    /// `rules`, the ids of the quality rules that quarantined it.
    public static final List<Field> FIELDS =
            List.of(
                    field("stage", TEXT),
                    field("codes", texts()),
                    field("fields", texts()),
                    field("rules", texts()));

    private static final int RULES = 3;
    private static final String OPENING = "rule ";
    private static final String CLOSING = ": ";

    private DeadEvent() {}

    private static FieldType texts() {
        return new FieldType.Array(TEXT, Range.all(), false);
    }

    private static Field field(String name, FieldType type) {
        return new Field(name, type, true, false, Optional.empty(), Optional.empty(), "");
    }

    /// The row of a dead letter.
    ///
    /// @param codes a reason's words, in the order of `fields` and `messages`
    public static Row row(
            String stage, List<String> codes, List<String> fields, List<String> messages) {
        List<String> rules =
                java.util.stream.IntStream.range(0, codes.size())
                        .filter(i -> codes.get(i).equals(ReasonCode.QUALITY.word()))
                        .mapToObj(i -> rule(messages.get(i)))
                        .toList();
        return new Row(FIELDS, new Object[] {stage, codes, fields, rules});
    }

    /// Whether the rule of this id quarantined the event.
    public static boolean quarantinedBy(Row dead, String ruleId) {
        return dead.value(RULES) instanceof List<?> rules && rules.contains(ruleId);
    }

    /// Why an event is quarantined. The message begins with the rule's id, which [#row] reads.
    static Reason reason(QualityRule rule) {
        return new Reason(
                ReasonCode.QUALITY,
                rule.field(),
                OPENING + rule.id() + CLOSING + "the event breaks '" + rule.name() + "'");
    }

    private static String rule(String message) {
        int end = message.indexOf(CLOSING);
        return message.startsWith(OPENING) && end > 0
                ? message.substring(OPENING.length(), end)
                : "";
    }
}
