package leat.stream.enricher;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.FieldPath;
import leat.core.enrich.Answers;
import leat.core.enrich.Enriched;
import leat.core.enrich.Enrichment;
import leat.core.enrich.TimedRow;
import leat.core.event.EventHeaders;
import leat.core.outcome.Outcome;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.protect.ProtectionKey;
import leat.core.protect.Protector;
import leat.core.quality.RuleTest;
import leat.core.quality.Seen;
import leat.core.validate.EventTime;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import org.jspecify.annotations.Nullable;

/// A contract's judgement of raw events: its validator, its enrichment, its bounds of time and the
/// rules of quality that quarantine. The event's time is the contract's time field, else `ce_time`,
/// else the append time.
public final class ContractJudge implements EventJudge {

    private final Contract contract;
    private final Validator validator;
    private final Enrichment enrichment;
    private final Protector protector;
    private final Answers answers;
    private final List<RuleTest> quarantine;
    private final String timeField;

    /// For a contract whose steps ask nobody.
    public ContractJudge(Contract contract) {
        this(contract, Answers.NONE);
    }

    /// For a contract that hashes nothing.
    ///
    /// @param answers who answers what the contract's steps ask
    public ContractJudge(Contract contract, Answers answers) {
        this(contract, answers, Optional.empty());
    }

    /// @param answers who answers what the contract's steps ask
    /// @param key what protected values are hashed with
    /// @throws IllegalArgumentException when the contract hashes and there is no key
    public ContractJudge(Contract contract, Answers answers, Optional<ProtectionKey> key) {
        this.contract = contract;
        this.validator = Validator.forRaw(contract);
        this.enrichment = Enrichment.of(contract);
        this.protector = Protector.of(contract, key);
        this.answers = answers;
        this.quarantine =
                RuleTest.of(contract).stream().filter(test -> test.rule().quarantine()).toList();
        this.timeField = contract.time().map(FieldPath::toString).orElse("");
    }

    @Override
    public boolean waits() {
        return enrichment.asks();
    }

    @Override
    public boolean protects() {
        return protector.protects();
    }

    @Override
    public byte @Nullable [] publishedKey(byte @Nullable [] raw) {
        return protector.key(raw);
    }

    @Override
    public Verdict judge(byte[] value, @Nullable String ceTime, long appendMicros) {
        RawEvent event = new RawEvent(value, ceTime, appendMicros);
        return switch (check(event)) {
            case Checked.Refused(Verdict.Refused refused) -> refused;
            case Checked.Sound sound ->
                    verdict(
                            sound,
                            enrichment.asks()
                                    ? enrichment.apply(List.of(sound.timed()), answers).getFirst()
                                    : enrichment.apply(sound.row()));
        };
    }

    @Override
    public List<Verdict> judgeAll(List<RawEvent> events) {
        List<Checked> checked = events.stream().map(this::check).toList();
        List<Checked.Sound> sound =
                checked.stream()
                        .filter(Checked.Sound.class::isInstance)
                        .map(Checked.Sound.class::cast)
                        .toList();
        Iterator<Enriched> enriched =
                enrichment
                        .apply(sound.stream().map(Checked.Sound::timed).toList(), answers)
                        .iterator();
        List<Verdict> verdicts = new ArrayList<>(events.size());
        for (Checked one : checked) {
            verdicts.add(
                    switch (one) {
                        case Checked.Refused(Verdict.Refused refused) -> refused;
                        case Checked.Sound event -> verdict(event, enriched.next());
                    });
        }
        return verdicts;
    }

    /// An event before its enrichment.
    private sealed interface Checked {
        record Refused(Verdict.Refused verdict) implements Checked {}

        record Sound(RawEvent event, Outcome.Valid valid, Instant time) implements Checked {
            Row row() {
                return valid.row();
            }

            TimedRow timed() {
                return new TimedRow(row(), time);
            }
        }
    }

    private Checked check(RawEvent event) {
        return switch (validator.validate(event.value())) {
            case Outcome.Rejected rejected ->
                    new Checked.Refused(new Verdict.Refused(rejected.reasons()));
            case Outcome.Valid valid -> checkTime(event, valid);
        };
    }

    private Checked checkTime(RawEvent event, Outcome.Valid valid) {
        Instant appended = Instant.EPOCH.plus(event.appendMicros(), ChronoUnit.MICROS);
        Instant time;
        try {
            time = time(valid.row(), event.ceTime(), appended);
        } catch (DateTimeException e) {
            return refused(
                    new Reason(
                            ReasonCode.FORMAT,
                            EventHeaders.TIME,
                            "'"
                                    + event.ceTime()
                                    + "' is not a time; write e.g. 2026-01-31T12:00:00Z"));
        }
        Reason unbelievable = EventTime.check(time, appended, contract.timeBounds(), timeField);
        return unbelievable == null ? new Checked.Sound(event, valid, time) : refused(unbelievable);
    }

    private Verdict verdict(Checked.Sound sound, Enriched enriched) {
        return switch (enriched.outcome()) {
            case Outcome.Rejected rejected -> new Verdict.Refused(rejected.reasons());
            case Outcome.Valid valid -> {
                long eventMicros = ChronoUnit.MICROS.between(Instant.EPOCH, sound.time());
                List<Reason> broken = broken(sound.event(), valid.row(), eventMicros);
                yield broken.isEmpty()
                        ? new Verdict.Enriched(
                                protector.value(
                                        enrichment.splice(
                                                sound.event().value(),
                                                sound.valid().unknownFields(),
                                                valid.row())),
                                eventMicros,
                                marks(enriched))
                        : new Verdict.Refused(broken);
            }
        };
    }

    /// The rules that quarantine the event.
    private List<Reason> broken(RawEvent event, Row row, long eventMicros) {
        if (quarantine.isEmpty()) {
            return List.of();
        }
        Seen seen = new Seen(row, false, eventMicros, event.appendMicros());
        return quarantine.stream()
                .filter(rule -> rule.quarantines(seen))
                .map(RuleTest::reason)
                .toList();
    }

    private static Map<String, String> marks(Enriched enriched) {
        if (enriched.skipped().isEmpty() && enriched.seen().isEmpty()) {
            return Map.of();
        }
        Map<String, String> marks = new LinkedHashMap<>();
        if (!enriched.skipped().isEmpty()) {
            marks.put(EventHeaders.SKIPPED, String.join(",", enriched.skipped()));
        }
        if (!enriched.seen().isEmpty()) {
            marks.put(EventHeaders.LOOKUPS, String.join(",", enriched.seen()));
        }
        return marks;
    }

    private Instant time(Row row, @Nullable String ceTime, Instant appended) {
        Instant own = EventTime.of(contract, row);
        if (own != null) {
            return own;
        }
        return ceTime == null ? appended : OffsetDateTime.parse(ceTime).toInstant();
    }

    private static Checked refused(Reason reason) {
        return new Checked.Refused(new Verdict.Refused(List.of(reason)));
    }
}
