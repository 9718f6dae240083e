package leat.core.enrich;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.outcome.Outcome;
import leat.core.outcome.Reason;
import leat.core.validate.Validator;

/// What steps make of events.
final class Enriching {

    /// When the events happened.
    static final Instant TIME = Instant.parse("2026-11-30T12:00:00Z");

    private Enriching() {}

    /// The steps of a contract, done for sound events at once.
    static List<Enriched> enriched(Contract contract, Answers answers, String... events) {
        List<TimedRow> rows = new ArrayList<>();
        for (String event : events) {
            Outcome outcome =
                    Validator.forRaw(contract).validate(event.getBytes(StandardCharsets.UTF_8));
            rows.add(new TimedRow(((Outcome.Valid) outcome).row(), TIME));
        }
        return Enrichment.of(contract).apply(rows, answers);
    }

    /// A field's value as text, `null` without one.
    static String value(Enriched enriched, String field) {
        return String.valueOf(((Outcome.Valid) enriched.outcome()).row().value(field));
    }

    /// The first reason for which an event died.
    static Reason reason(Enriched enriched) {
        return ((Outcome.Rejected) enriched.outcome()).reasons().getFirst();
    }
}
