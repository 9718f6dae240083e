package leat.stream.collector;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.encoding.Decoded;
import leat.core.encoding.Metadata;
import leat.core.encoding.PayloadDecoder;
import leat.core.encoding.PayloadFormat;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.IdOrigin;
import leat.core.event.Names;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.validate.TopLevelCheck;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/// Where the events of one contract come in: checks an event, gives it its identity and makes the
/// record that stores it. Pure apart from the ids that the server makes.
public final class Inlet {

    private static final int MAX_IDENTITY_CHARS = 1000;
    private static final int MAX_REASONS_BYTES = 16 << 10;
    private static final Header SPEC_VERSION =
            header(EventHeaders.SPEC_VERSION, EventHeaders.SPEC_VERSION_VALUE);
    private static final Map<PayloadFormat, Header> CONTENT_TYPES = contentTypes();
    private static final Header STAGE =
            header(EventHeaders.STAGE, Names.DeadStage.COLLECTOR.word());
    private static final Map<IdOrigin, Header> ORIGINS = origins();

    private final Contract contract;
    private final String rawTopic;
    private final String deadTopic;
    private final TopLevelCheck check;
    private final @Nullable PayloadDecoder decoder;
    private final long maxEventBytes;
    private final String ownSource;
    private final Header ownSourceHeader;
    private final Header ownTypeHeader;
    private final Header versionHeader;

    Inlet(Names names, Contract contract, long maxEventBytes) {
        this.contract = contract;
        this.rawTopic = names.raw(contract);
        this.deadTopic = names.dead(contract, Names.DeadStage.COLLECTOR);
        this.check = new TopLevelCheck(contract);
        this.decoder = PayloadDecoder.of(contract).orElse(null);
        this.maxEventBytes = maxEventBytes;
        this.ownSource = contract.name().value();
        this.ownSourceHeader = header(EventHeaders.SOURCE, ownSource);
        this.ownTypeHeader = header(EventHeaders.TYPE, ownSource);
        this.versionHeader = header(EventHeaders.CONTRACT_VERSION, contract.version().toString());
    }

    public Contract contract() {
        return contract;
    }

    /// Whether the contract takes payloads written like this.
    public boolean takes(PayloadFormat format) {
        return format == PayloadFormat.JSON
                || (decoder != null && decoder.formats().contains(format));
    }

    /// The media types that the contract takes, for messages.
    public String taken() {
        return decoder == null ? PayloadFormat.JSON.contentType() : decoder.taken();
    }

    String rawTopic() {
        return rawTopic;
    }

    String deadTopic() {
        return deadTopic;
    }

    /// An event with its fate, and the record that brings it about; `null` for a refused one.
    record Stamped(Receipt.Item item, @Nullable ProducerRecord<byte[], byte[]> record) {}

    private record Identity(String source, String id, IdOrigin origin) {}

    /// @param index the event's place in its batch
    Stamped stamp(
            IncomingEvent event,
            int index,
            Optional<IncomingBatch.IdempotencyKey> idempotency,
            ServerIds serverIds) {
        if (event.payload().length > maxEventBytes) {
            return new Stamped(new Receipt.Refused(List.of(tooLarge(event))), null);
        }
        List<Reason> faults = faults(event);
        TopLevelCheck.Result checked =
                faults.isEmpty() ? check(event) : new TopLevelCheck.Result.Refused(faults);
        return switch (checked) {
            case TopLevelCheck.Result.Passed passed -> {
                Identity identity = identity(event, passed.id(), index, idempotency, serverIds);
                Reason tooLong = tooLong(identity);
                if (tooLong != null) {
                    yield dead(
                            event,
                            identity(null, null, index, idempotency, serverIds),
                            List.of(tooLong),
                            serverIds);
                }
                yield isMisaddressed(event, passed)
                        ? dead(event, identity, List.of(misaddressed(event, passed)), serverIds)
                        : raw(
                                event,
                                passed.key() == null ? event.address() : passed.key(),
                                identity);
            }
            case TopLevelCheck.Result.Refused refused ->
                    dead(
                            event,
                            identity(
                                    faults.isEmpty() ? event : null,
                                    null,
                                    index,
                                    idempotency,
                                    serverIds),
                            refused.reasons(),
                            serverIds);
        };
    }

    private static boolean isMisaddressed(IncomingEvent event, TopLevelCheck.Result.Passed passed) {
        return event.address() != null
                && passed.key() != null
                && !passed.key().equals(event.address());
    }

    private Reason misaddressed(IncomingEvent event, TopLevelCheck.Result.Passed passed) {
        return new Reason(
                ReasonCode.KEY_MISMATCH,
                contract.key().map(Object::toString).orElse(""),
                "the event was addressed to '"
                        + event.address()
                        + "' and says '"
                        + passed.key()
                        + "'");
    }

    private TopLevelCheck.Result check(IncomingEvent event) {
        if (event.format() == PayloadFormat.JSON) {
            return check.check(event.payload());
        }
        if (decoder == null) {
            return new TopLevelCheck.Result.Refused(
                    List.of(
                            new Reason(
                                    ReasonCode.ENCODING,
                                    "",
                                    "the contract takes " + taken() + " only")));
        }
        Metadata metadata = event.attributes() == null ? Metadata.NONE : event.attributes();
        return switch (decoder.decode(event.format().contentType(), event.payload(), metadata)) {
            case Decoded.Json(byte[] json) -> check.check(json);
            case Decoded.Refused(Reason reason) ->
                    new TopLevelCheck.Result.Refused(List.of(reason));
        };
    }

    private Reason tooLarge(IncomingEvent event) {
        return new Reason(
                ReasonCode.TOO_LARGE,
                "",
                "the event has "
                        + event.payload().length
                        + " bytes, at most "
                        + maxEventBytes
                        + " are stored");
    }

    private static List<Reason> faults(IncomingEvent event) {
        EventAttributes attributes = event.attributes();
        if (attributes == null) {
            return event.faults();
        }
        List<Reason> faults = new ArrayList<>(event.faults());
        requireText("ce_id", attributes.id(), faults);
        requireText("ce_source", attributes.source(), faults);
        String time = attributes.time();
        if (time != null && !isTimestamp(time)) {
            faults.add(
                    new Reason(
                            ReasonCode.FORMAT,
                            "ce_time",
                            "'" + time + "' is not an RFC 3339 time such as 2026-05-04T03:02:01Z"));
        }
        return faults;
    }

    private static void requireText(String field, String text, List<Reason> faults) {
        if (text.isEmpty()) {
            faults.add(new Reason(ReasonCode.MISSING, field, "a CloudEvent needs it, not empty"));
        } else if (text.length() > MAX_IDENTITY_CHARS) {
            faults.add(
                    new Reason(
                            ReasonCode.LENGTH,
                            field,
                            "it may have " + MAX_IDENTITY_CHARS + " characters at most"));
        }
    }

    private static boolean isTimestamp(String text) {
        try {
            OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeParseException _) {
            return false;
        }
    }

    private static @Nullable Reason tooLong(Identity identity) {
        return identity.id().length() <= MAX_IDENTITY_CHARS
                ? null
                : new Reason(
                        ReasonCode.LENGTH,
                        "",
                        "the id fields have "
                                + identity.id().length()
                                + " characters together, at most "
                                + MAX_IDENTITY_CHARS
                                + " make an id");
    }

    private Identity identity(
            @Nullable IncomingEvent event,
            @Nullable String contractId,
            int index,
            Optional<IncomingBatch.IdempotencyKey> idempotency,
            ServerIds serverIds) {
        EventAttributes attributes = event == null ? null : event.attributes();
        if (attributes != null) {
            return new Identity(attributes.source(), attributes.id(), IdOrigin.CLIENT);
        }
        if (contractId != null) {
            return new Identity(ownSource, contractId, IdOrigin.CONTRACT);
        }
        return idempotency.isPresent()
                ? new Identity(ownSource, idempotency.get().idOf(index), IdOrigin.IDEMPOTENCY_KEY)
                : new Identity(ownSource, serverIds.next(), IdOrigin.SERVER);
    }

    private Stamped raw(IncomingEvent event, @Nullable String key, Identity identity) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(rawTopic, key(key, identity), event.payload());
        describe(record.headers(), event.attributes(), identity, event.format());
        return new Stamped(
                new Receipt.Accepted(identity.id(), identity.origin().repeatable()), record);
    }

    private Stamped dead(
            IncomingEvent event, Identity identity, List<Reason> reasons, ServerIds serverIds) {
        boolean attributed = identity.origin() == IdOrigin.CLIENT;
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(deadTopic, key(null, identity), event.payload());
        Headers headers = record.headers();
        describe(headers, attributed ? event.attributes() : null, identity, event.format());
        headers.add(STAGE);
        headers.add(versionHeader);
        headers.add(
                new RecordHeader(
                        EventHeaders.REASONS,
                        new JsonBytes(256).reasons(reasons, MAX_REASONS_BYTES).toBytes()));
        // No raw position exists to derive it from, and one refused event may come twice.
        String deadId = Hash128.of(Names.DeadStage.COLLECTOR.word(), serverIds.next()).toString();
        headers.add(header(EventHeaders.DEAD_ID, deadId));
        return new Stamped(new Receipt.Dead(identity.id(), reasons), record);
    }

    private void describe(
            Headers headers,
            @Nullable EventAttributes attributes,
            Identity identity,
            PayloadFormat format) {
        headers.add(header(EventHeaders.ID, identity.id()));
        headers.add(
                attributes == null
                        ? ownSourceHeader
                        : header(EventHeaders.SOURCE, attributes.source()));
        String type = attributes == null ? null : attributes.type();
        headers.add(type == null ? ownTypeHeader : header(EventHeaders.TYPE, type));
        headers.add(SPEC_VERSION);
        headers.add(Objects.requireNonNull(CONTENT_TYPES.get(format)));
        headers.add(Objects.requireNonNull(ORIGINS.get(identity.origin())));
        if (attributes != null) {
            String time = attributes.time();
            if (time != null) {
                headers.add(header(EventHeaders.TIME, time));
            }
            for (Map.Entry<String, String> other : attributes.others().entrySet()) {
                headers.add(
                        header(EventHeaders.ATTRIBUTE_PREFIX + other.getKey(), other.getValue()));
            }
        }
    }

    private static byte[] key(@Nullable String key, Identity identity) {
        return key != null
                ? key.getBytes(UTF_8)
                : Hash128.of(identity.source(), identity.id()).toString().getBytes(UTF_8);
    }

    private static Map<PayloadFormat, Header> contentTypes() {
        Map<PayloadFormat, Header> headers = new EnumMap<>(PayloadFormat.class);
        for (PayloadFormat format : PayloadFormat.values()) {
            headers.put(format, header(EventHeaders.CONTENT_TYPE, format.contentType()));
        }
        return headers;
    }

    private static Map<IdOrigin, Header> origins() {
        Map<IdOrigin, Header> headers = new EnumMap<>(IdOrigin.class);
        for (IdOrigin origin : IdOrigin.values()) {
            headers.put(origin, header(EventHeaders.ID_ORIGIN, origin.word()));
        }
        return headers;
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }
}
