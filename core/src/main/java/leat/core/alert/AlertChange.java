package leat.core.alert;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// An alert that has changed, as it stands on the topic of alerts, whoever judged it.
///
/// @param atMillis when it changed, in append time
/// @param value the number that did it; empty for a command, and where there is none
/// @param note what the verdict that did it says beside; may be empty
public record AlertChange(
        Subject about, Alert alert, long atMillis, OptionalDouble value, String note) {

    private static final JsonFactory JSON = new JsonFactory();

    /// What an alert is about.
    ///
    /// @param contract name and major version, `ride.v1`
    /// @param rule unique within the contract
    /// @param field of the contract; empty when it is about no single one
    public record Subject(
            String contract,
            String rule,
            String name,
            String field,
            String demand,
            Optional<String> severity) {

        /// The key of the record, `ride.v1:volume`.
        public String id() {
            return contract + ":" + rule;
        }
    }

    /// The value of the record, one JSON object.
    public byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("contract", about.contract());
            json.writeStringProperty("rule", about.rule());
            json.writeStringProperty("name", about.name());
            json.writeStringProperty("field", about.field());
            json.writeStringProperty("demand", about.demand());
            json.writeStringProperty("id", about.id());
            json.writeStringProperty("status", alert.status().word());
            about.severity().ifPresent(word -> json.writeStringProperty("severity", word));
            json.writeStringProperty("firedAt", time(alert.firedAtMillis()));
            json.writeStringProperty("changedAt", time(atMillis));
            json.writeStringProperty("change", change());
            value.ifPresent(number -> json.writeNumberProperty("value", number));
            if (!note.isEmpty()) {
                json.writeStringProperty("note", note);
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private String change() {
        return about.id() + "@" + alert.firedAtMillis() + "/" + alert.status().word();
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
