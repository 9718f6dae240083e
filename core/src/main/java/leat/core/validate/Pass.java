package leat.core.validate;

import java.util.ArrayList;
import java.util.List;
import leat.core.outcome.Outcome.Rejected;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/// One event on its way through the validator: where the reading stands and what was wrong so far.
final class Pass {

    private static final int MAX_SUGGESTIONS = 3;

    final JsonParser parser;
    final Json.Skipper skipper;
    int depth;

    private final @Nullable String[] names = new String[Json.MAX_DEPTH + 2];
    private final int[] indices = new int[Json.MAX_DEPTH + 2];
    private List<Reason> reasons = List.of();
    private boolean unknownSeen;

    Pass(JsonParser parser) {
        this.parser = parser;
        this.skipper = new Json.Skipper(parser);
    }

    List<Reason> reasons() {
        return reasons;
    }

    boolean unknownSeen() {
        return unknownSeen;
    }

    void sawUnknown() {
        unknownSeen = true;
    }

    boolean maySuggest() {
        return reasons.size() < MAX_SUGGESTIONS;
    }

    void enter() {
        depth++;
        Json.Skipper.checkDepth(depth, this::path);
    }

    void leave() {
        depth--;
    }

    /// The current object's field that is read next.
    void at(String name) {
        names[depth] = name;
    }

    /// The current array's item that is read next.
    void at(int index) {
        names[depth] = null;
        indices[depth] = index;
    }

    String path() {
        StringBuilder path = new StringBuilder();
        for (int i = 1; i <= depth; i++) {
            String name = names[i];
            if (name == null) {
                path.append('[').append(indices[i]).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(name);
            }
        }
        return path.toString();
    }

    void fault(ReasonCode code, String message) {
        if (reasons.isEmpty()) {
            reasons = new ArrayList<>();
        }
        if (reasons.size() < Rejected.MAX_REASONS) {
            reasons.add(new Reason(code, path(), message));
        }
    }

    void fault(Fault fault) {
        fault(fault.code(), fault.message());
    }

    /// Reads past the current value, objects and arrays whole.
    void skip() {
        skipper.skip(depth, this::path);
    }
}
