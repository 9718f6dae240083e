package leat.stream.retry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.FieldPath;
import leat.core.encoding.Decoded;
import leat.core.encoding.PayloadDecoder;
import leat.core.encoding.PayloadFormat;
import leat.core.enrich.Enrichment;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.IdOrigin;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.outcome.Outcome;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.patch.PatchFailed;
import leat.core.patch.PayloadPatch;
import leat.core.quality.RuleTest;
import leat.core.quality.Seen;
import leat.core.validate.EventTime;
import leat.core.validate.Row;
import leat.core.validate.TopLevelCheck;
import leat.core.validate.Validator;
import leat.stream.inspect.DeadLetter;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// Makes raw records of what the collector or the enricher refused: the client's bytes, corrected
/// where that is wanted, under the client's id and time, with the attempt raised and the letter
/// named. Pure.
final class RawReturn {

    private static final int MAX_IDENTITY_CHARS = 1000;
    private static final int HEADROOM_BYTES = 64 << 10;
    private static final String OURS = "leat_";

    private final Contract contract;
    private final String topic;
    private final List<PayloadPatch> patches;
    private final TopLevelCheck check;
    private final Validator validator;
    private final Enrichment enrichment;
    private final List<RuleTest> quarantine;
    private final @Nullable PayloadDecoder decoder;

    RawReturn(Names names, Contract contract, List<PayloadPatch> patches) {
        this.contract = contract;
        this.topic = names.raw(contract);
        this.patches = List.copyOf(patches);
        this.check = new TopLevelCheck(contract);
        this.validator = Validator.forRaw(contract);
        this.enrichment = Enrichment.of(contract);
        this.quarantine =
                RuleTest.of(contract).stream().filter(test -> test.rule().quarantine()).toList();
        this.decoder = PayloadDecoder.of(contract).orElse(null);
    }

    private record Identity(String source, String id, String origin) {}

    /// What is corrected comes back as JSON, whatever it was before.
    ///
    /// @param payload what the client sent
    /// @param now the time by which bounds are judged
    Fate fate(DeadLetter letter, byte[] payload, Instant now) {
        return switch (decoded(letter, payload)) {
            case Decoded.Refused(Reason reason) -> new Fate.DiesAgain(List.of(reason));
            case Decoded.Json(byte[] json) -> {
                try {
                    byte[] corrected = json;
                    for (PayloadPatch patch : patches) {
                        corrected = patch.apply(corrected);
                    }
                    byte[] value = patches.isEmpty() ? payload : corrected;
                    yield value.length > LogConnection.MAX_RECORD_BYTES - HEADROOM_BYTES
                            ? new Fate.Stays("it is larger than a record of the log may be")
                            : checked(letter, new Event(value, corrected), now);
                } catch (PatchFailed e) {
                    yield new Fate.Stays(String.valueOf(e.getMessage()));
                }
            }
        };
    }

    /// @param value as it comes back
    /// @param json the same as JSON
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Event(byte[] value, byte[] json) {}

    private Decoded decoded(DeadLetter letter, byte[] payload) {
        return decoder == null
                ? new Decoded.Json(payload)
                : decoder.decode(
                        letter.event().header(EventHeaders.CONTENT_TYPE).orElse(null),
                        payload,
                        name -> letter.event().header(name).orElse(null));
    }

    private Fate checked(DeadLetter letter, Event event, Instant now) {
        return switch (check.check(event.json())) {
            case TopLevelCheck.Result.Refused refused -> new Fate.DiesAgain(refused.reasons());
            case TopLevelCheck.Result.Passed passed -> judged(letter, event, passed, now);
        };
    }

    private Fate judged(
            DeadLetter letter, Event event, TopLevelCheck.Result.Passed passed, Instant now) {
        Identity identity = identity(letter, passed.id());
        if (identity.id().length() > MAX_IDENTITY_CHARS) {
            return dies(ReasonCode.LENGTH, "", "the id fields make an id that is too long");
        }
        return switch (validator.validate(event.json())) {
            case Outcome.Rejected rejected -> new Fate.DiesAgain(rejected.reasons());
            case Outcome.Valid valid -> {
                Fate.@Nullable DiesAgain refused = refused(letter, valid.row(), now);
                yield refused != null
                        ? refused
                        : returns(letter, event.value(), identity, passed.key(), valid.row());
            }
        };
    }

    private Fate.@Nullable DiesAgain refused(DeadLetter letter, Row row, Instant now) {
        Instant own = EventTime.of(contract, row);
        Instant time;
        try {
            time = own != null ? own : sentTime(letter);
        } catch (DateTimeException e) {
            return dies(ReasonCode.FORMAT, EventHeaders.TIME, "is not a time");
        }
        String field = contract.time().map(FieldPath::toString).orElse("");
        Reason unbelievable = EventTime.check(time, now, contract.timeBounds(), field);
        if (unbelievable != null) {
            return new Fate.DiesAgain(List.of(unbelievable));
        }
        // Those who are asked answer the enricher; here it is believed that they will.
        return enrichment.asks() ? null : refused(row, time, now);
    }

    private Fate.@Nullable DiesAgain refused(Row row, Instant time, Instant now) {
        return switch (enrichment.apply(row).outcome()) {
            case Outcome.Rejected rejected -> new Fate.DiesAgain(rejected.reasons());
            case Outcome.Valid enriched -> {
                Seen seen = new Seen(enriched.row(), false, micros(time), micros(now));
                List<Reason> broken =
                        quarantine.stream()
                                .filter(rule -> rule.quarantines(seen))
                                .map(RuleTest::reason)
                                .toList();
                yield broken.isEmpty() ? null : new Fate.DiesAgain(broken);
            }
        };
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /// The client's time, else when the event was first appended.
    private static Instant sentTime(DeadLetter letter) {
        return letter.event()
                .header(EventHeaders.TIME)
                .map(text -> OffsetDateTime.parse(text).toInstant())
                .orElse(letter.event().appended());
    }

    /// What the letter says, unless the collector could not read an id and the payload has one now.
    private Identity identity(DeadLetter letter, @Nullable String contractId) {
        Optional<String> source = letter.event().header(EventHeaders.SOURCE);
        Optional<String> id = letter.event().header(EventHeaders.ID);
        String server = IdOrigin.SERVER.word();
        String origin = letter.event().header(EventHeaders.ID_ORIGIN).orElse(server);
        boolean unread =
                letter.stage().equals(DeadStage.COLLECTOR.word())
                        && origin.equals(server)
                        && contractId != null;
        if (source.isPresent() && id.isPresent() && !unread) {
            return new Identity(source.get(), id.get(), origin);
        }
        String own = contract.name().value();
        return contractId == null
                ? new Identity(own, letter.id(), server)
                : new Identity(own, contractId, IdOrigin.CONTRACT.word());
    }

    private Fate returns(
            DeadLetter letter, byte[] value, Identity identity, @Nullable String key, Row row) {
        Hash128 event = Hash128.of(identity.source(), identity.id());
        String text = key == null ? event.toString() : key;
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, text.getBytes(UTF_8), value);
        Headers headers = record.headers();
        letter.event()
                .headers()
                .forEach((name, content) -> {
                    if (!name.startsWith(OURS)) {
                        put(headers, name, content);
                    }
                });
        put(headers, EventHeaders.SOURCE, identity.source());
        put(headers, EventHeaders.ID, identity.id());
        put(headers, EventHeaders.ID_ORIGIN, identity.origin());
        if (letter.event().header(EventHeaders.TIME).isEmpty()
                && EventTime.of(contract, row) == null) {
            put(headers, EventHeaders.TIME, letter.event().appended().toString());
        }
        if (!patches.isEmpty()) {
            put(headers, EventHeaders.CONTENT_TYPE, PayloadFormat.JSON.contentType());
        }
        put(headers, EventHeaders.ATTEMPT, Integer.toString(letter.attempt() + 1));
        put(headers, EventHeaders.RETRY_OF, letter.id());
        return new Fate.Returns(record, event, Fate.Way.RAW);
    }

    private static void put(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, value.getBytes(UTF_8));
    }

    private static Fate.DiesAgain dies(ReasonCode code, String field, String message) {
        return new Fate.DiesAgain(List.of(new Reason(code, field, message)));
    }
}
