package leat.stream.inspect;

import java.util.ArrayList;
import java.util.List;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An event that a stage refused.
///
/// @param id its own id
/// @param contract name and major version
/// @param version the contract's version it was judged by; empty when the record does not say
/// @param event the record: payload, headers, where it stands
public record DeadLetter(
        String id,
        String contract,
        String version,
        String stage,
        List<DeathReason> reasons,
        LogEvent event) {

    private static final JsonMapper JSON = JsonMapper.shared();

    public DeadLetter {
        reasons = List.copyOf(reasons);
    }

    /// Why it was refused, in the words of the record, which may come from another version of Leat.
    public record DeathReason(String code, String field, String message) {

        /// The field with all items of a list as one: `tyres[2].pressure` is `tyres[].pressure`.
        public String group() {
            return field.replaceAll("\\[\\d+]", "[]");
        }
    }

    /// Reads a record of a topic of dead letters.
    ///
    /// @param contract its name and major version
    /// @param stage the stage whose topic it stands in
    public static DeadLetter of(String contract, String stage, LogEvent event) {
        String position = event.header(EventHeaders.POSITION).orElse(event.where());
        return new DeadLetter(
                event.header(EventHeaders.DEAD_ID)
                        .orElseGet(() -> Hash128.of(stage, position).toString()),
                contract,
                event.header(EventHeaders.CONTRACT_VERSION).orElse(""),
                event.header(EventHeaders.STAGE).orElse(stage),
                reasons(event.header(EventHeaders.REASONS).orElse("[]")),
                event);
    }

    /// How often the event had come back before it died; 0 where the record does not say.
    public int attempt() {
        return event.header(EventHeaders.ATTEMPT)
                .filter(text -> text.matches("\\d{1,9}"))
                .map(Integer::parseInt)
                .orElse(0);
    }

    private static List<DeathReason> reasons(String text) {
        List<DeathReason> reasons = new ArrayList<>();
        try {
            for (JsonNode reason : JSON.readTree(text)) {
                reasons.add(
                        new DeathReason(
                                reason.path("code").asString("unknown"),
                                reason.path("field").asString(""),
                                reason.path("message").asString("")));
            }
        } catch (JacksonException e) {
            reasons.add(new DeathReason("unknown", "", "the reasons cannot be read: " + text));
        }
        if (reasons.isEmpty()) {
            reasons.add(new DeathReason("unknown", "", "the record does not say why"));
        }
        return reasons;
    }
}
