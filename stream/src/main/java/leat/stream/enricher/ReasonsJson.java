package leat.stream.enricher;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import leat.core.outcome.Reason;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Reasons as a dead letter's header carries them.
final class ReasonsJson {

    /// The header's limit; reasons that do not fit are left out from the end.
    static final int MAX_BYTES = 16 << 10;

    private static final JsonFactory JSON = new JsonFactory();

    private ReasonsJson() {}

    /// A JSON array of `{"code", "field", "message"}`, at most [#MAX_BYTES] long.
    static byte[] of(List<Reason> reasons) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        out.write('[');
        for (Reason reason : reasons) {
            byte[] item = item(reason);
            if (out.size() + item.length + 2 > MAX_BYTES) {
                break;
            }
            if (out.size() > 1) {
                out.write(',');
            }
            out.writeBytes(item);
        }
        out.write(']');
        return out.toByteArray();
    }

    private static byte[] item(Reason reason) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(128);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("code", reason.code().word());
            json.writeStringProperty("field", wellFormed(reason.field()));
            json.writeStringProperty("message", wellFormed(reason.message()));
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    /// A lone surrogate, which a reason may quote from the client's text, is no UTF-8.
    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
