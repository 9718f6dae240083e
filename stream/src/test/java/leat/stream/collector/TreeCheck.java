package leat.stream.collector;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.contract.FieldPath;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/// A slow top-level check over a Jackson tree, to compare with.
public record TreeCheck(Contract contract) implements EventCheck {

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    @Override
    public Checked check(byte[] event) {
        JsonNode tree;
        try {
            tree = JSON.readTree(event);
        } catch (JacksonException e) {
            return broken(ReasonCode.MALFORMED, String.valueOf(e.getOriginalMessage()));
        }
        if (!tree.isObject()) {
            return broken(ReasonCode.NOT_AN_OBJECT, new String(event, UTF_8));
        }
        List<String> ids = new ArrayList<>();
        for (FieldPath path : contract.id()) {
            String text = text(tree, path);
            if (text != null) {
                ids.add(text);
            }
        }
        boolean whole = !ids.isEmpty() && ids.size() == contract.id().size();
        String id = whole ? String.join("|", ids) : null;
        String key = contract.key().map(path -> text(tree, path)).orElse(null);
        return new Storable(id, key);
    }

    private static Broken broken(ReasonCode code, String message) {
        return new Broken(List.of(new Reason(code, "", message)));
    }

    private static @Nullable String text(JsonNode tree, FieldPath path) {
        JsonNode node = tree;
        for (String segment : path.segments()) {
            node = node.path(segment);
        }
        return node.isValueNode() && !node.isNull() ? node.asString() : null;
    }
}
