package leat.stream.collector.syslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import leat.stream.collector.JsonBytes;
import org.jspecify.annotations.Nullable;

/// A syslog message as a log record. Every text is one: what neither RFC 5424 nor RFC 3164
/// describes is the body of a record that was received now.
///
/// @param severity 0 to 7, or -1 for a message without priority
/// @param facility 0 to 23, or -1
record SyslogRecord(
        Instant time,
        int severity,
        int facility,
        @Nullable String host,
        @Nullable String service,
        List<Map.Entry<String, String>> attributes,
        String body,
        String format) {

    private static final int MAX_PRIORITY = 23 * 8 + 7;
    private static final Pattern PRIORITY = Pattern.compile("<(\\d{1,3})>");
    private static final Pattern RFC_5424 =
            Pattern.compile("1 (\\S+) (\\S+) (\\S+) (\\S+) (\\S+) (?=[-\\[])");
    private static final Pattern STAMP_3164 =
            Pattern.compile("([A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?) ");
    private static final Pattern STAMP_3339 =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT[\\d:.]{8,18}(?:Z|[+-]\\d\\d:\\d\\d)) ");
    private static final Pattern HOST = Pattern.compile("([\\w.:-]{1,255}) (?=\\S)");
    private static final Pattern TAG =
            Pattern.compile("([^\\s:\\[\\]]{1,128})(?:\\[([^\\]\\s]{1,128})\\])?: ?");
    private static final DateTimeFormatter TIME_3164 =
            new DateTimeFormatterBuilder()
                    .appendPattern("MMM ppd HH:mm:ss")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                    .appendPattern(" uuuu")
                    .toFormatter(Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT);
    private static final String[] WORDS = {
        "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"
    };

    /// OpenTelemetry's numbers of syslog's severities.
    private static final int[] SEVERITY_NUMBERS = {21, 19, 18, 17, 13, 10, 9, 5};

    SyslogRecord {
        attributes = List.copyOf(attributes);
    }

    /// @param zone of senders that name none
    static SyslogRecord parse(byte[] message, Instant now, ZoneId zone) {
        String text = text(message);
        Matcher priority = PRIORITY.matcher(text);
        if (!priority.lookingAt() || Integer.parseInt(priority.group(1)) > MAX_PRIORITY) {
            return new SyslogRecord(now, -1, -1, null, null, List.of(), text, "text");
        }
        int severity = Integer.parseInt(priority.group(1)) & 7;
        int facility = Integer.parseInt(priority.group(1)) >> 3;
        text = text.substring(priority.end());
        Matcher modern = RFC_5424.matcher(text);
        if (modern.lookingAt()) {
            Optional<SyslogRecord> record = modern(text, modern, severity, facility, now);
            if (record.isPresent()) {
                return record.get();
            }
        }
        return old(text, severity, facility, now, zone);
    }

    /// Texts that are not UTF-8 are read as ISO 8859-1, in which every byte is a character.
    private static String text(byte[] message) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(message)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException _) {
            return new String(message, ISO_8859_1);
        }
    }

    private static Optional<SyslogRecord> modern(
            String text, Matcher head, int severity, int facility, Instant now) {
        Instant time = now;
        if (!head.group(1).equals("-")) {
            try {
                time = OffsetDateTime.parse(head.group(1)).toInstant();
            } catch (DateTimeParseException _) {
                return Optional.empty();
            }
        }
        List<Map.Entry<String, String>> attributes = new ArrayList<>();
        add(attributes, "syslog.procid", head.group(4));
        add(attributes, "syslog.msgid", head.group(5));
        int end = StructuredData.read(text, head.end(), attributes);
        if (end < 0) {
            return Optional.empty();
        }
        String body = text.substring(end < text.length() ? end + 1 : end);
        return Optional.of(
                new SyslogRecord(
                        time,
                        severity,
                        facility,
                        unlessNil(head.group(2)),
                        unlessNil(head.group(3)),
                        attributes,
                        body.startsWith("\uFEFF") ? body.substring(1) : body,
                        "rfc5424"));
    }

    private static void add(List<Map.Entry<String, String>> attributes, String key, String value) {
        if (!value.equals("-")) {
            attributes.add(Map.entry(key, value));
        }
    }

    private static @Nullable String unlessNil(String text) {
        return text.equals("-") || text.length() > 255 ? null : text;
    }

    /// What RFC 3164 found in use: a time, a host and a tag, each of which may be missing.
    private static SyslogRecord old(
            String text, int severity, int facility, Instant now, ZoneId zone) {
        Instant time = now;
        String host = null;
        String service = null;
        List<Map.Entry<String, String>> attributes = new ArrayList<>();
        String rest = text;
        Optional<Instant> stamped = Optional.empty();
        Matcher stamp = STAMP_3164.matcher(text);
        Matcher iso = STAMP_3339.matcher(text);
        if (stamp.lookingAt()) {
            stamped = withoutYear(stamp.group(1), now, zone);
        } else if (iso.lookingAt()) {
            stamp = iso;
            stamped = withYear(iso.group(1));
        }
        if (stamped.isPresent()) {
            time = stamped.get();
            rest = text.substring(stamp.end());
            Matcher named = HOST.matcher(rest);
            // A tag ends with a colon or a bracket: logger(1) on a socket leaves the host away.
            if (named.lookingAt() && !named.group(1).endsWith(":")) {
                host = named.group(1);
                rest = rest.substring(named.end());
            }
        }
        Matcher tag = TAG.matcher(rest);
        if (tag.lookingAt()) {
            service = tag.group(1);
            if (tag.group(2) != null) {
                attributes.add(Map.entry("syslog.procid", tag.group(2)));
            }
            rest = rest.substring(tag.end());
        }
        return new SyslogRecord(
                time, severity, facility, host, service, attributes, rest, "rfc3164");
    }

    private static Optional<Instant> withYear(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    /// Of the years that it can be, the one that is nearest to now.
    private static Optional<Instant> withoutYear(String text, Instant now, ZoneId zone) {
        int year = now.atZone(zone).getYear();
        Optional<Instant> nearest = Optional.empty();
        for (int candidate = year - 1; candidate <= year + 1; candidate++) {
            Optional<Instant> time = at(text, candidate, zone);
            if (time.isPresent()
                    && (nearest.isEmpty()
                            || distance(time.get(), now) < distance(nearest.get(), now))) {
                nearest = time;
            }
        }
        return nearest;
    }

    private static Optional<Instant> at(String text, int year, ZoneId zone) {
        try {
            LocalDateTime local = LocalDateTime.parse(text + " " + year, TIME_3164);
            return Optional.of(local.atZone(zone).toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static long distance(Instant one, Instant other) {
        return Math.abs(one.getEpochSecond() - other.getEpochSecond());
    }

    /// The event of the contract `log-record`.
    byte[] json() {
        JsonBytes json = new JsonBytes(256 + body.length());
        json.raw("{\"time\":").text(time.toString());
        if (severity >= 0) {
            json.raw(",\"severity_number\":").number(SEVERITY_NUMBERS[severity]);
            json.raw(",\"severity\":\"").raw(WORDS[severity]).raw("\"");
        }
        optional(json, "host", host);
        optional(json, "service", service);
        json.raw(",\"body\":").text(body);
        json.raw(",\"format\":\"").raw(format).raw("\"");
        if (severity >= 0) {
            json.raw(",\"attributes\":[{\"key\":\"syslog.facility\",\"value\":\"");
            json.number(facility).raw("\"}");
            for (Map.Entry<String, String> attribute : attributes) {
                json.raw(",{\"key\":").text(attribute.getKey());
                json.raw(",\"value\":").text(attribute.getValue()).raw("}");
            }
            json.raw("]");
        }
        return json.raw("}").toBytes();
    }

    private static void optional(JsonBytes json, String name, @Nullable String text) {
        if (text != null) {
            json.raw(",\"").raw(name).raw("\":").text(text);
        }
    }
}
