package leat.ml.registry;

import java.util.List;
import leat.core.model.AliasMove;
import leat.ml.fold.JsonRecords;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The value of an alias: the version that it points to, and the moves that brought it there. One
/// record has both, so that whatever is killed, they stand together.
final class AliasRecords {

    private static final String VERSION = "version";
    private static final String MOVES = "moves";
    private static final String ID = "id";
    private static final String KIND = "kind";
    private static final String AT = "at";
    private static final String AGAINST = "against";
    private static final String BECAUSE = "because";

    private AliasRecords() {}

    /// @param moves at least one
    static ObjectNode value(List<AliasMove> moves) {
        ObjectNode value = JsonRecords.value().put(VERSION, moves.getFirst().version());
        ArrayNode list = value.putArray(MOVES);
        for (AliasMove move : moves) {
            ObjectNode one =
                    list.addObject()
                            .put(VERSION, move.version())
                            .put(KIND, move.kind().name())
                            .put(AT, move.atMillis());
            putUnlessEmpty(one, ID, move.id());
            putUnlessEmpty(one, AGAINST, move.against());
            putUnlessEmpty(one, BECAUSE, move.because());
        }
        return value;
    }

    private static void putUnlessEmpty(ObjectNode to, String field, String text) {
        if (!text.isEmpty()) {
            to.put(field, text);
        }
    }

    /// A record of an earlier program has no moves, and does not say when it was written.
    static List<AliasMove> moves(JsonNode value) {
        return value.has(MOVES)
                ? value.required(MOVES).valueStream().map(AliasRecords::move).toList()
                : List.of(
                        new AliasMove(
                                "", AliasMove.Kind.ON, value.required(VERSION).asInt(), 0, "", ""));
    }

    private static AliasMove move(JsonNode value) {
        return new AliasMove(
                value.path(ID).asString(""),
                AliasMove.Kind.valueOf(value.required(KIND).asString()),
                value.required(VERSION).asInt(),
                value.required(AT).asLong(),
                value.path(AGAINST).asString(""),
                value.path(BECAUSE).asString(""));
    }
}
