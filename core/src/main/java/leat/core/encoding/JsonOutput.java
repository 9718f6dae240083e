package leat.core.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;

import leat.core.outcome.ReasonCode;
import leat.core.validate.JsonText;

/// The JSON object that is being written, no longer than an event may be.
final class JsonOutput {

    /// What a decoded event may have: as much as one that is sent as JSON.
    static final int MAX_BYTES = 1 << 20;

    private final StringBuilder text = new StringBuilder(512);
    private boolean first = true;

    /// Begins an object or a list; yields what [#close] wants back.
    boolean open(char bracket) {
        text.append(bracket);
        boolean outer = first;
        first = true;
        return outer;
    }

    void close(char bracket, boolean outer) {
        text.append(bracket);
        first = outer;
        checkLength();
    }

    /// Begins the next value of an object.
    void name(String name) {
        item();
        JsonText.quote(name, text);
        text.append(':');
    }

    /// Begins the next value of a list.
    void item() {
        if (!first) {
            text.append(',');
        }
        first = false;
    }

    StringBuilder text() {
        return text;
    }

    /// To be called after each value.
    void checkLength() {
        if (text.length() > MAX_BYTES) {
            throw new Undecodable(
                    ReasonCode.TOO_LARGE,
                    "as JSON the event has more than " + MAX_BYTES + " bytes");
        }
    }

    byte[] toBytes() {
        byte[] bytes = text.toString().getBytes(UTF_8);
        if (bytes.length > MAX_BYTES) {
            throw new Undecodable(
                    ReasonCode.TOO_LARGE,
                    "as JSON the event has "
                            + bytes.length
                            + " bytes, at most "
                            + MAX_BYTES
                            + " are taken");
        }
        return bytes;
    }
}
