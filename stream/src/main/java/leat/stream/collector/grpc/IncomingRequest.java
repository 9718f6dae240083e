package leat.stream.collector.grpc;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import leat.collector.v1.Event;
import leat.collector.v1.PublishRequest;
import leat.core.encoding.PayloadFormat;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.yaml.NearestName;
import leat.stream.collector.EventAttributes;
import leat.stream.collector.IncomingBatch;
import leat.stream.collector.IncomingBatch.IdempotencyKey;
import leat.stream.collector.IncomingEvent;
import leat.stream.collector.Inlet;
import leat.stream.collector.Inlets;
import leat.stream.collector.Limits;
import leat.stream.collector.call.GrpcProblem;
import leat.stream.collector.call.GrpcProblem.RefusedCall;

/// A request as the intake takes it.
///
/// @param withIds whether the ids of accepted events are told
record IncomingRequest(Inlet inlet, IncomingBatch batch, boolean withIds) {

    private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");
    private static final long MAX_INDEX = 999_999_999_999_999L;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,40}");
    private static final int MAX_ATTRIBUTES = 40;
    private static final int MAX_FAULTS = 10;
    private static final Set<String> OWN_FIELDS =
            Set.of("specversion", "id", "source", "type", "time", "datacontenttype");

    /// Reads a request.
    ///
    /// @throws RefusedCall with what the client should have sent
    static IncomingRequest of(PublishRequest request, Inlets inlets, Limits limits)
            throws RefusedCall {
        Inlet inlet = inlet(request.getContract(), inlets);
        Refusals.refuseEnded(inlet.contract(), Instant.now());
        if (request.getEventsCount() == 0) {
            throw refused("empty", "the request has no events", "send one event, or several");
        }
        if (request.getEventsCount() > limits.requestEvents()) {
            throw refused(
                    "too-many-events",
                    "the request has more than " + limits.requestEvents() + " events",
                    "send smaller requests");
        }
        if (request.getSerializedSize() > limits.requestSize().bytes()) {
            throw refused(
                    "too-large",
                    "the request is larger than " + limits.requestSize(),
                    "send smaller requests");
        }
        List<IncomingEvent> events = new ArrayList<>(request.getEventsCount());
        for (Event event : request.getEventsList()) {
            events.add(event(event));
        }
        return new IncomingRequest(
                inlet, new IncomingBatch(events, idempotency(request)), !request.getWithoutIds());
    }

    private static Inlet inlet(String name, Inlets inlets) throws RefusedCall {
        Optional<Inlet> inlet = inlets.find(name);
        if (inlet.isEmpty()) {
            throw new RefusedCall(
                    new GrpcProblem(
                            io.grpc.Status.Code.NOT_FOUND,
                            "no-such-contract",
                            "there is no contract " + shown(name),
                            NearestName.remedy(name, inlets.names()),
                            0));
        }
        return inlet.get();
    }

    private static Optional<IdempotencyKey> idempotency(PublishRequest request) throws RefusedCall {
        String key = request.getIdempotencyKey();
        long index = request.getIdempotencyIndex();
        if (key.isEmpty()) {
            if (index != 0) {
                throw refused(
                        "idempotency",
                        "idempotency_index stands without an idempotency_key",
                        "send both, or the key alone");
            }
            return Optional.empty();
        }
        if (!IDEMPOTENCY_KEY.matcher(key).matches()) {
            throw refused(
                    "idempotency",
                    "the idempotency_key is not usable",
                    "use 1 to 200 visible ASCII characters");
        }
        if (index < 0 || index > MAX_INDEX) {
            throw refused(
                    "idempotency",
                    "idempotency_index " + Long.toUnsignedString(index) + " is not usable",
                    "use the index of the request's first event, from 0");
        }
        return Optional.of(new IdempotencyKey(key, index));
    }

    private static IncomingEvent event(Event event) {
        byte[] payload = event.getPayload().toByteArray();
        List<Reason> faults = new ArrayList<>();
        PayloadFormat format = format(event.getContentType(), faults);
        if (isBare(event)) {
            return new IncomingEvent(payload, null, faults, format);
        }
        checkNames(event.getAttributesMap(), faults);
        if (!faults.isEmpty()) {
            return new IncomingEvent(payload, null, faults, format);
        }
        return new IncomingEvent(
                payload,
                new EventAttributes(
                        event.getId(),
                        event.getSource(),
                        event.getType().isEmpty() ? null : event.getType(),
                        event.getTime().isEmpty() ? null : event.getTime(),
                        event.getAttributesMap()),
                List.of(),
                format);
    }

    private static PayloadFormat format(String contentType, List<Reason> faults) {
        if (contentType.isEmpty() || isJson(contentType)) {
            return PayloadFormat.JSON;
        }
        Optional<PayloadFormat> format = PayloadFormat.of(contentType);
        if (format.isEmpty()) {
            faults.add(
                    new Reason(
                            ReasonCode.TYPE,
                            "content_type",
                            shown(contentType) + " is not application/json, nor any encoding's"));
        }
        return format.orElse(PayloadFormat.JSON);
    }

    private static boolean isJson(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return type.strip().toLowerCase(Locale.ROOT).endsWith("+json");
    }

    /// Whether the client said nothing about the event but its payload.
    private static boolean isBare(Event event) {
        return event.getId().isEmpty()
                && event.getSource().isEmpty()
                && event.getType().isEmpty()
                && event.getTime().isEmpty()
                && event.getAttributesCount() == 0;
    }

    private static void checkNames(Map<String, String> attributes, List<Reason> faults) {
        if (attributes.size() > MAX_ATTRIBUTES) {
            faults.add(
                    new Reason(
                            ReasonCode.TOO_LARGE,
                            "attributes",
                            "more than " + MAX_ATTRIBUTES + " attributes"));
        }
        for (String name : attributes.keySet()) {
            if (faults.size() == MAX_FAULTS) {
                return;
            }
            if (OWN_FIELDS.contains(name)) {
                faults.add(
                        new Reason(
                                ReasonCode.DUPLICATE_KEY,
                                "ce_" + name,
                                "the attribute has a field of its own in the message"));
            } else if (!NAME.matcher(name).matches()) {
                faults.add(
                        new Reason(
                                ReasonCode.FORMAT,
                                "ce_" + name,
                                "an attribute's name has lower case letters and digits only"));
            }
        }
    }

    private static RefusedCall refused(String word, String message, String remedy) {
        return new RefusedCall(GrpcProblem.invalid(word, message, remedy));
    }

    /// The client's words in a message: quoted, and not too many of them.
    private static String shown(String text) {
        return "'" + (text.length() <= 100 ? text : text.substring(0, 100) + "…") + "'";
    }
}
