package leat.ml.scoring.protocol;

import leat.core.validate.ParserMessage;
import tools.jackson.core.JacksonException;

/// What somebody sent is not of the protocol; the text says where.
public final class InferenceMalformed extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// Of what was found.
    public InferenceMalformed(String message) {
        super(message, null, false, false);
    }

    /// Of a body that is no JSON.
    public static InferenceMalformed noJson(JacksonException e) {
        return new InferenceMalformed("the body is no JSON: " + ParserMessage.of(e));
    }
}
