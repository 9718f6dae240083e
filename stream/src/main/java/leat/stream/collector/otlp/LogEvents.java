package leat.stream.collector.otlp;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import leat.stream.collector.JsonBytes;

/// Log records as events of the contract `log-record`.
final class LogEvents {

    private static final FieldDescriptor RESOURCES =
            ExportLogsServiceRequest.getDescriptor()
                    .findFieldByNumber(ExportLogsServiceRequest.RESOURCE_LOGS_FIELD_NUMBER);
    private static final FieldDescriptor SCOPES =
            ResourceLogs.getDescriptor().findFieldByNumber(ResourceLogs.SCOPE_LOGS_FIELD_NUMBER);
    private static final FieldDescriptor RECORDS =
            ScopeLogs.getDescriptor().findFieldByNumber(ScopeLogs.LOG_RECORDS_FIELD_NUMBER);
    private static final int TRACE_ID_BYTES = 16;
    private static final int SPAN_ID_BYTES = 8;

    private final Collected collected;
    private final Instant now;

    LogEvents(Collected collected, Instant now) {
        this.collected = collected;
        this.now = now;
    }

    void read(Undecoded request) throws MalformedExport {
        // Reads over the whole of it, so that what is no request is found to be none.
        request.decode(ExportLogsServiceRequest.newBuilder(), Set.of(RESOURCES));
        request.each(RESOURCES, this::resource);
    }

    private void resource(Undecoded part) throws MalformedExport {
        ResourceLogs head = part.decode(ResourceLogs.newBuilder(), Set.of(SCOPES)).build();
        part.each(
                SCOPES,
                scoped -> {
                    ScopeLogs scope =
                            scoped.decode(ScopeLogs.newBuilder(), Set.of(RECORDS)).build();
                    byte[] place = AttributeJson.place(head.getResource(), scope.getScope());
                    scoped.each(RECORDS, record -> record(place, record));
                });
    }

    private void record(byte[] place, Undecoded part) throws MalformedExport {
        if (collected.fits(part)) {
            LogRecord record = part.decode(LogRecord.newBuilder(), Set.of()).build();
            collected.add(json(place, record), List.of());
        } else {
            collected.addTooLarge(part);
        }
    }

    private byte[] json(byte[] place, LogRecord record) {
        JsonBytes json = new JsonBytes(256 + place.length);
        json.raw("{\"time\":").text(time(record));
        if (record.getObservedTimeUnixNano() != 0) {
            json.raw(",\"observed_time\":")
                    .text(AttributeJson.time(record.getObservedTimeUnixNano()));
        }
        if (record.getSeverityNumberValue() != 0) {
            json.raw(",\"severity_number\":").number(record.getSeverityNumberValue());
        }
        optional(json, "severity", record.getSeverityText());
        if (record.getBody().getValueCase() != AnyValue.ValueCase.VALUE_NOT_SET) {
            json.raw(",\"body\":").text(AttributeJson.text(record.getBody()));
        }
        optional(json, "event_name", record.getEventName());
        optional(json, "trace_id", AttributeJson.id(record.getTraceId(), TRACE_ID_BYTES));
        optional(json, "span_id", AttributeJson.id(record.getSpanId(), SPAN_ID_BYTES));
        json.raw(place);
        AttributeJson.attributes(json, "attributes", record.getAttributesList());
        return json.raw(",\"format\":\"otlp\"}").toBytes();
    }

    private String time(LogRecord record) {
        if (record.getTimeUnixNano() != 0) {
            return AttributeJson.time(record.getTimeUnixNano());
        }
        if (record.getObservedTimeUnixNano() != 0) {
            return AttributeJson.time(record.getObservedTimeUnixNano());
        }
        collected.untimed();
        return now.toString();
    }

    private static void optional(JsonBytes json, String name, String text) {
        if (!text.isEmpty()) {
            json.raw(",\"").raw(name).raw("\":").text(text);
        }
    }
}
