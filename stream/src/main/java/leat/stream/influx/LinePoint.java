package leat.stream.influx;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import leat.core.validate.ParserMessage;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An event of the contract `metric-point` as a line of InfluxDB's line protocol: measurement,
/// tags, fields, nanoseconds.
///
/// What tells series apart are tags: service, host, scope, what the resource has and the
/// attributes. A point that is written again replaces itself.
final class LinePoint {

    private static final JsonMapper JSON = new JsonMapper();

    private LinePoint() {}

    /// What an event is for InfluxDB.
    sealed interface Line {

        /// A line, without its end.
        record Point(String text) implements Line {}

        /// A point that says that nothing was measured: there is nothing to write.
        record Nothing() implements Line {}

        /// It cannot be written.
        record Unusable(String reason) implements Line {}
    }

    static Line of(byte[] event) {
        JsonNode point;
        try {
            point = JSON.readTree(event);
        } catch (JacksonException e) {
            return new Line.Unusable("not JSON: " + ParserMessage.of(e));
        }
        String metric = point.path("metric").asString("");
        if (metric.isEmpty()) {
            return new Line.Unusable("it has no metric");
        }
        if (metric.startsWith("#")) {
            return new Line.Unusable("a line that begins with # is a comment");
        }
        Optional<Long> nanos = nanos(point.path("time").asString(""));
        if (nanos.isEmpty()) {
            return new Line.Unusable(
                    "its time '" + point.path("time").asString("") + "' is none of InfluxDB's");
        }
        String fields = fields(point);
        if (fields.isEmpty()) {
            return new Line.Nothing();
        }
        StringBuilder line = new StringBuilder(128);
        escape(line, metric, " ,");
        tags(point)
                .forEach((key, value) -> {
                    line.append(',');
                    escape(line, key, " ,=");
                    line.append('=');
                    escape(line, value, " ,=");
                });
        return new Line.Point(line.append(fields).append(' ').append(nanos.get()).toString());
    }

    /// Nanoseconds since 1970, of which InfluxDB has 64 bits.
    private static Optional<Long> nanos(String time) {
        try {
            Instant instant = OffsetDateTime.parse(time).toInstant();
            return Optional.of(
                    Math.addExact(
                            Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L),
                            instant.getNano()));
        } catch (DateTimeException | ArithmeticException _) {
            return Optional.empty();
        }
    }

    private static Map<String, String> tags(JsonNode point) {
        Map<String, String> tags = new TreeMap<>();
        list(tags, point.path("resource"));
        // An attribute is nearer to the point than its resource.
        list(tags, point.path("attributes"));
        for (String name : new String[] {"service", "host", "scope"}) {
            put(tags, name, point.path(name).asString(""));
        }
        return tags;
    }

    private static void list(Map<String, String> tags, JsonNode list) {
        for (JsonNode entry : list) {
            String key = entry.path("key").asString("");
            // InfluxDB keeps this name for itself.
            put(tags, key.equals("time") ? "time_" : key, entry.path("value").asString(""));
        }
    }

    /// A tag without a value is no tag.
    private static void put(Map<String, String> tags, String key, String value) {
        if (!key.isEmpty() && !value.isEmpty()) {
            tags.put(key, value);
        }
    }

    /// With the space before them; empty for none.
    private static String fields(JsonNode point) {
        StringBuilder fields = new StringBuilder();
        for (String name : new String[] {"value", "sum", "min", "max"}) {
            JsonNode number = point.path(name);
            if (number.isNumber()) {
                field(fields, name, Double.toString(number.asDouble()));
            }
        }
        for (String name : new String[] {"count", "zero_count"}) {
            JsonNode number = point.path(name);
            if (number.isNumber()) {
                field(fields, name, number.asLong() + "i");
            }
        }
        JsonNode bounds = point.path("bounds");
        JsonNode counts = point.path("bucket_counts");
        for (int i = 0; i < counts.size(); i++) {
            String bound = i < bounds.size() ? Double.toString(bounds.path(i).asDouble()) : "inf";
            field(fields, "bucket_" + bound, counts.path(i).asLong() + "i");
        }
        JsonNode quantiles = point.path("quantiles");
        JsonNode values = point.path("quantile_values");
        for (int i = 0; i < Math.min(quantiles.size(), values.size()); i++) {
            field(
                    fields,
                    "quantile_" + Double.toString(quantiles.path(i).asDouble()),
                    Double.toString(values.path(i).asDouble()));
        }
        return fields.toString();
    }

    private static void field(StringBuilder fields, String name, String value) {
        fields.append(fields.isEmpty() ? ' ' : ',').append(name).append('=').append(value);
    }

    /// Line breaks have no escape: they become spaces. A backslash at the end would escape what
    /// follows: a space is put behind it.
    private static void escape(StringBuilder line, String text, String special) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char written = c == '\n' || c == '\r' ? ' ' : c;
            if (special.indexOf(written) >= 0) {
                line.append('\\');
            }
            line.append(written);
        }
        if (text.endsWith("\\")) {
            line.append("\\ ");
        }
    }
}
