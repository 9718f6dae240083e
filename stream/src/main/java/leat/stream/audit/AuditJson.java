package leat.stream.audit;

import java.io.StringWriter;
import leat.stream.audit.AuditReport.ContractAudit;
import leat.stream.audit.AuditReport.HopAudit;
import leat.stream.audit.AuditReport.Offences;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// A report as one JSON object; its names are part of the user's surface.
public final class AuditJson {

    private static final JsonFactory FACTORY = new JsonFactory();

    private AuditJson() {}

    public static String of(AuditReport report) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeBooleanProperty("clean", report.clean());
            json.writeStringProperty("from", report.from().toString());
            json.writeStringProperty("to", report.to().toString());
            json.writeBooleanProperty("deep", report.deep());
            json.writeArrayPropertyStart("contracts");
            for (ContractAudit contract : report.contracts()) {
                write(json, contract);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, ContractAudit contract) {
        json.writeStartObject();
        json.writeStringProperty("contract", contract.contract());
        json.writeBooleanProperty("clean", contract.clean());
        json.writeArrayPropertyStart("hops");
        for (HopAudit hop : contract.hops()) {
            write(json, hop);
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("notes");
        for (String note : contract.notes()) {
            json.writeString(note);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, HopAudit hop) {
        json.writeStartObject();
        json.writeStringProperty("hop", hop.hop().word());
        json.writeNumberProperty("expected", hop.expected());
        json.writeNumberProperty("found", hop.found());
        json.writeNumberProperty("duplicates", hop.duplicates());
        json.writeNumberProperty("dead", hop.dead());
        json.writeNumberProperty("refused", hop.refused());
        json.writeNumberProperty("superseded", hop.superseded());
        json.writeNumberProperty("pending", hop.pending());
        json.writeNumberProperty("unverifiable", hop.unverifiable());
        json.writeBooleanProperty("byCount", hop.byCount());
        json.writeArrayPropertyStart("offences");
        for (Offences offences : hop.offences()) {
            json.writeStartObject();
            json.writeStringProperty("offence", offences.offence().word());
            json.writeNumberProperty("count", offences.count());
            json.writeArrayPropertyStart("first");
            for (String where : offences.first()) {
                json.writeString(where);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
