package leat.stream.enricher;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.contract.FieldPath;
import leat.core.enrich.Enrichment;
import leat.core.event.EventHeaders;
import leat.core.outcome.Outcome;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.validate.EventTime;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import org.jspecify.annotations.Nullable;

/// A contract's judgement of raw events: its validator, its enrichment and its bounds of time. The
/// event's time is the contract's time field, else `ce_time`, else the append time.
public final class ContractJudge implements EventJudge {

    private final Contract contract;
    private final Validator validator;
    private final Enrichment enrichment;
    private final String timeField;

    public ContractJudge(Contract contract) {
        this.contract = contract;
        this.validator = Validator.forRaw(contract);
        this.enrichment = Enrichment.of(contract);
        this.timeField = contract.time().map(FieldPath::toString).orElse("");
    }

    @Override
    public Verdict judge(byte[] value, @Nullable String ceTime, long appendMicros) {
        return switch (validator.validate(value)) {
            case Outcome.Rejected rejected -> new Verdict.Refused(rejected.reasons());
            case Outcome.Valid valid -> enrich(value, valid, ceTime, appendMicros);
        };
    }

    private Verdict enrich(
            byte[] value, Outcome.Valid valid, @Nullable String ceTime, long appendMicros) {
        Instant appended = Instant.EPOCH.plus(appendMicros, ChronoUnit.MICROS);
        Instant time;
        try {
            time = time(valid.row(), ceTime, appended);
        } catch (DateTimeException e) {
            return refused(
                    new Reason(
                            ReasonCode.FORMAT,
                            EventHeaders.TIME,
                            "'" + ceTime + "' is not a time; write e.g. 2026-01-31T12:00:00Z"));
        }
        Reason unbelievable = EventTime.check(time, appended, contract.timeBounds(), timeField);
        if (unbelievable != null) {
            return refused(unbelievable);
        }
        return switch (enrichment.apply(valid.row())) {
            case Outcome.Rejected rejected -> new Verdict.Refused(rejected.reasons());
            case Outcome.Valid enriched ->
                    new Verdict.Enriched(
                            enrichment.splice(value, valid.unknownFields(), enriched.row()),
                            ChronoUnit.MICROS.between(Instant.EPOCH, time));
        };
    }

    private Instant time(Row row, @Nullable String ceTime, Instant appended) {
        Instant own = EventTime.of(contract, row);
        if (own != null) {
            return own;
        }
        return ceTime == null ? appended : OffsetDateTime.parse(ceTime).toInstant();
    }

    private static Verdict refused(Reason reason) {
        return new Verdict.Refused(List.of(reason));
    }
}
