package leat.core.validate;

import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;

/// What is wrong with a value, before it is known where the value stands.
public record Fault(ReasonCode code, String message) {

    public Reason at(String field) {
        return new Reason(code, field, message);
    }
}
