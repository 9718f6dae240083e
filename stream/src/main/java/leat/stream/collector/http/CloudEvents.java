package leat.stream.collector.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import leat.core.encoding.PayloadFormat;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.validate.ParserMessage;
import leat.stream.collector.EventAttributes;
import leat.stream.collector.IncomingEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// CloudEvents 1.0 over HTTP: attributes in `ce-` headers (binary mode), or around the data in a
/// JSON envelope (structured and batched mode).
final class CloudEvents {

    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,40}");
    private static final int MAX_ATTRIBUTES = 40;
    private static final String PREFIX = "ce-";

    private CloudEvents() {}

    /// Whether the headers are those of binary mode.
    static boolean inHeaders(HttpHeaders headers) {
        return headers.contains("ce-specversion") || headers.contains("ce-id");
    }

    /// An event in binary mode: the body is the payload, and its Content-Type says how it is
    /// written.
    static IncomingEvent binary(HttpHeaders headers, byte[] payload, PayloadFormat format) {
        Attributes attributes = new Attributes();
        headers.iteratorAsString()
                .forEachRemaining(header -> {
                    String name = header.getKey().toLowerCase(Locale.ROOT);
                    if (name.startsWith(PREFIX)) {
                        attributes.put(
                                name.substring(PREFIX.length()), percentDecoded(header.getValue()));
                    }
                });
        if (attributes.dataFormat(format) != format) {
            attributes.fault(
                    ReasonCode.TYPE,
                    "ce_datacontenttype",
                    "differs from the Content-Type, " + format.contentType());
        }
        return attributes.event(payload, format, new Whole(payload, format));
    }

    /// An event in structured mode: the payload is what stands under `data`. An envelope that
    /// cannot be read is the payload itself, with the faults.
    static IncomingEvent structured(byte[] bytes, int from, int to) {
        Attributes attributes = new Attributes();
        Data data = new Data();
        try {
            JsonSlices.object(
                    bytes,
                    from,
                    to,
                    (nameFrom, nameTo, valueFrom, valueTo) -> {
                        String name = scalar(bytes, nameFrom, nameTo).orElse("");
                        switch (name) {
                            case "data" -> data.add(Arrays.copyOfRange(bytes, valueFrom, valueTo));
                            case "data_base64" -> {
                                data.add(base64(scalar(bytes, valueFrom, valueTo).orElse("")));
                                data.binary = true;
                            }
                            default ->
                                    scalar(bytes, valueFrom, valueTo)
                                            .ifPresent(text -> attributes.put(name, text));
                        }
                    });
        } catch (JacksonException e) {
            unreadable(attributes, ParserMessage.of(e));
        } catch (JsonSlices.Broken | IllegalArgumentException e) {
            unreadable(attributes, String.valueOf(e.getMessage()));
        }
        if (data.count != 1) {
            attributes.fault(
                    data.count == 0 ? ReasonCode.MISSING : ReasonCode.DUPLICATE_KEY,
                    "data",
                    "a CloudEvent needs data or data_base64, once");
        }
        PayloadFormat format = attributes.dataFormat(PayloadFormat.JSON);
        if (format != PayloadFormat.JSON && data.count == 1 && !data.binary) {
            attributes.fault(
                    ReasonCode.TYPE,
                    "data",
                    "what is " + format.contentType() + " stands in data_base64");
        }
        return attributes.event(
                data.bytes,
                format,
                new Whole(Arrays.copyOfRange(bytes, from, to), PayloadFormat.JSON));
    }

    private static void unreadable(Attributes attributes, String why) {
        attributes.fault(ReasonCode.MALFORMED, "", "the CloudEvent is not readable: " + why);
    }

    /// What is kept of an event with faults.
    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record Whole(byte[] bytes, PayloadFormat format) {}

    private static final class Data {
        private byte[] bytes = new byte[0];
        private int count;
        private boolean binary;

        void add(byte[] found) {
            bytes = found;
            count++;
        }
    }

    /// The text of a string, number or boolean; empty for `null`.
    ///
    /// @throws IllegalArgumentException for anything else
    private static Optional<String> scalar(byte[] bytes, int from, int to) {
        try (JsonParser parser =
                JSON.createParser(ObjectReadContext.empty(), bytes, from, to - from)) {
            JsonToken token = parser.nextToken();
            if (token == null || !token.isScalarValue()) {
                throw new IllegalArgumentException(
                        "an attribute must be a string, number or boolean");
            }
            Optional<String> text =
                    token == JsonToken.VALUE_NULL
                            ? Optional.empty()
                            : Optional.of(parser.getString());
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("an attribute must be one value");
            }
            return text;
        }
    }

    private static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }

    /// The header values' encoding of the HTTP binding; what is no valid escape stays as it is.
    private static String percentDecoded(String value) {
        if (value.indexOf('%') < 0) {
            return value;
        }
        byte[] bytes = value.getBytes(UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
            if (bytes[i] == '%' && high >= 0 && low >= 0) {
                decoded.write(high << 4 | low);
                i += 2;
            } else {
                decoded.write(bytes[i]);
            }
        }
        return decoded.toString(UTF_8);
    }

    /// Attributes as they are found, with what is wrong about them.
    private static final class Attributes {

        private final Map<String, String> found = new HashMap<>();
        private final List<Reason> faults = new ArrayList<>();

        void put(String name, String value) {
            if (!NAME.matcher(name).matches()) {
                fault(
                        ReasonCode.FORMAT,
                        "ce_" + name,
                        "an attribute's name has lower case letters and digits only");
            } else if (found.size() == MAX_ATTRIBUTES) {
                fault(ReasonCode.TOO_LARGE, "", "more than " + MAX_ATTRIBUTES + " attributes");
            } else if (found.putIfAbsent(name, value) != null) {
                fault(ReasonCode.DUPLICATE_KEY, "ce_" + name, "the attribute stands twice");
            }
        }

        void fault(ReasonCode code, String field, String message) {
            if (faults.size() < 10) {
                faults.add(new Reason(code, field, message));
            }
        }

        /// How `datacontenttype` says the data is written, or `unsaid`.
        PayloadFormat dataFormat(PayloadFormat unsaid) {
            String contentType = found.remove("datacontenttype");
            if (contentType == null) {
                return unsaid;
            }
            if (BodyKind.isJson(contentType)) {
                return PayloadFormat.JSON;
            }
            Optional<PayloadFormat> format = PayloadFormat.of(contentType);
            if (format.isEmpty()) {
                fault(
                        ReasonCode.TYPE,
                        "ce_datacontenttype",
                        "'" + contentType + "' is not application/json, nor any encoding's");
            }
            return format.orElse(unsaid);
        }

        IncomingEvent event(byte[] payload, PayloadFormat format, Whole whole) {
            String id = take("id");
            String source = take("source");
            String type = take("type");
            String version = take("specversion");
            String time = found.remove("time");
            if (version != null && !version.equals("1.0")) {
                fault(ReasonCode.ENUM, "ce_specversion", "'" + version + "' is not 1.0");
            }
            if (!faults.isEmpty() || id == null || source == null) {
                return new IncomingEvent(whole.bytes(), null, faults, whole.format());
            }
            return new IncomingEvent(
                    payload, new EventAttributes(id, source, type, time, found), List.of(), format);
        }

        private @Nullable String take(String name) {
            String value = found.remove(name);
            if (value == null) {
                fault(ReasonCode.MISSING, "ce_" + name, "a CloudEvent needs it");
            }
            return value;
        }
    }
}
