package leat.core.encoding;

import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;

/// Thrown within this package where bytes are found to be no event; it gathers the path to the
/// place on its way up.
final class Undecodable extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ReasonCode code;
    private final String path;

    Undecodable(ReasonCode code, String message) {
        this(code, "", message);
    }

    Undecodable(String message) {
        this(ReasonCode.ENCODING, "", message);
    }

    private Undecodable(ReasonCode code, String path, String message) {
        // Bad bytes are ordinary: no stack trace.
        super(message, null, false, false);
        this.code = code;
        this.path = path;
    }

    /// The same, within the field `name`.
    Undecodable in(String name) {
        String longer =
                path.isEmpty() ? name : path.startsWith("[") ? name + path : name + "." + path;
        return new Undecodable(code, longer, String.valueOf(getMessage()));
    }

    /// The same, within item `index` of a list.
    Undecodable in(int index) {
        String item = "[" + index + "]";
        return new Undecodable(
                code,
                path.isEmpty() || path.startsWith("[") ? item + path : item + "." + path,
                String.valueOf(getMessage()));
    }

    Reason reason() {
        return new Reason(code, path, String.valueOf(getMessage()));
    }
}
