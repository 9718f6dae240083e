package leat.stream.collector.collectd;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import leat.core.encoding.PayloadFormat;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.validate.ParserMessage;
import leat.stream.collector.IncomingEvent;
import leat.stream.collector.JsonBytes;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One value list, as `write_http` with `Format "JSON"` sends it: some values of one type that were
/// read at one time.
public final class ValueList {

    private static final JsonMapper JSON = new JsonMapper();
    private static final BigDecimal LATEST_SECONDS = BigDecimal.valueOf(253_402_300_799L);

    private ValueList() {}

    /// The events of a list, one a value; of what is no value list, one that is at fault.
    ///
    /// @param json the list's own bytes
    public static List<IncomingEvent> events(byte[] json) {
        JsonNode list;
        try {
            list = JSON.readTree(json);
        } catch (JacksonException e) {
            return faulty(json, ReasonCode.MALFORMED, "", ParserMessage.of(e));
        }
        JsonNode values = list.path("values");
        JsonNode types = list.path("dstypes");
        JsonNode names = list.path("dsnames");
        if (!values.isArray()
                || values.size() != types.size()
                || values.size() != names.size()
                || values.isEmpty()) {
            return faulty(
                    json,
                    ReasonCode.MALFORMED,
                    "values",
                    "a value list has as many values as dstypes and dsnames");
        }
        if (!list.path("time").isNumber() || list.path("plugin").asString("").isEmpty()) {
            return faulty(json, ReasonCode.MISSING, "time", "a value list has a time and a plugin");
        }
        BigDecimal seconds = list.path("time").decimalValue();
        if (seconds.signum() < 0 || seconds.compareTo(LATEST_SECONDS) > 0) {
            return faulty(json, ReasonCode.RANGE, "time", "it is no time in seconds since 1970");
        }
        List<IncomingEvent> events = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            events.add(
                    new IncomingEvent(
                            point(
                                    list,
                                    time(seconds),
                                    names.path(i),
                                    types.path(i),
                                    values.path(i))));
        }
        return events;
    }

    private static List<IncomingEvent> faulty(
            byte[] json, ReasonCode code, String field, String message) {
        return List.of(
                new IncomingEvent(
                        json, null, List.of(new Reason(code, field, message)), PayloadFormat.JSON));
    }

    private static String time(BigDecimal seconds) {
        long whole = seconds.longValue();
        long nanos = seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(9).longValue();
        return Instant.ofEpochSecond(whole, nanos).toString();
    }

    private static byte[] point(
            JsonNode list, String time, JsonNode name, JsonNode type, JsonNode value) {
        JsonBytes json = new JsonBytes(256);
        json.raw("{\"time\":").text(time);
        json.raw(",\"metric\":").text(metric(list, name.asString("")));
        json.raw(kind(type.asString("")));
        if (value.isNumber()) {
            json.raw(",\"value\":").raw(value.toString());
        } else if (!value.isNull()) {
            json.raw(",\"value\":").text(value.toString());
        }
        String host = list.path("host").asString("");
        if (!host.isEmpty()) {
            json.raw(",\"host\":").text(host);
        }
        json.raw(",\"scope\":\"collectd\"");
        instances(json, list);
        return json.raw("}").toBytes();
    }

    /// `plugin.type.name`, without a type that is the plugin's name and a name that says nothing.
    private static String metric(JsonNode list, String name) {
        String plugin = list.path("plugin").asString("");
        String type = list.path("type").asString("");
        StringBuilder metric = new StringBuilder(plugin);
        if (!type.isEmpty() && !type.equals(plugin)) {
            metric.append('.').append(type);
        }
        if (!name.isEmpty() && !name.equals("value")) {
            metric.append('.').append(name);
        }
        return metric.toString();
    }

    private static String kind(String type) {
        return switch (type) {
            case "counter", "derive" ->
                    ",\"kind\":\"sum\",\"monotonic\":"
                            + type.equals("counter")
                            + ",\"temporality\":\"cumulative\"";
            case "absolute" -> ",\"kind\":\"sum\",\"monotonic\":true,\"temporality\":\"delta\"";
            // Values that collectd made rates of are gauges too.
            default -> ",\"kind\":\"gauge\"";
        };
    }

    private static void instances(JsonBytes json, JsonNode list) {
        boolean first = true;
        for (String key : List.of("plugin_instance", "type_instance")) {
            String instance = list.path(key).asString("");
            if (!instance.isEmpty()) {
                json.raw(first ? ",\"attributes\":[" : ",");
                json.raw("{\"key\":\"").raw(key).raw("\",\"value\":").text(instance).raw("}");
                first = false;
            }
        }
        if (!first) {
            json.raw("]");
        }
    }
}
