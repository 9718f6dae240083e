package leat.core.validate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.outcome.Reason;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.sym.PropertyNameMatcher;

/// What the collector asks of an event before it takes it: one pass that finds whether the bytes
/// are one sound JSON object (UTF-8, nothing behind it, no key twice at any level, not too deep)
/// and picks the texts of the key and id fields and the event's time. Whether the values keep the
/// contract is not asked here. Safe for many threads.
public final class TopLevelCheck {

    /// The answer.
    public sealed interface Result {

        /// The bytes are a JSON object. Equal values have equal texts (`5`, `5.0` and `5e0` of an
        /// integer field are `5`); a field that is absent or not of its type gives no text.
        ///
        /// @param key the key field's text
        /// @param id the texts of the id fields joined by `|`, with `\` before every `|` and `\`
        ///   within; null unless all of them are there
        /// @param timeMicros the time field, microseconds since 1970 UTC
        record Passed(@Nullable String key, @Nullable String id, OptionalLong timeMicros)
                implements Result {}

        /// They are not.
        record Refused(List<Reason> reasons) implements Result {
            public Refused {
                reasons = List.copyOf(reasons);
            }
        }
    }

    private final PickedFields root;
    private final int slotCount;
    private final int keySlot;
    private final int[] idSlots;
    private final int timeSlot;

    public TopLevelCheck(Contract contract) {
        Map<String, Integer> slots = new LinkedHashMap<>();
        this.idSlots =
                contract.id().stream().mapToInt(path -> slot(slots, Optional.of(path))).toArray();
        this.keySlot = slot(slots, contract.key());
        this.timeSlot = slot(slots, contract.time());
        this.slotCount = slots.size();
        this.root = level(contract.fields(), "", slots);
    }

    private static int slot(Map<String, Integer> slots, Optional<FieldPath> path) {
        return path.map(p -> slots.computeIfAbsent(p.toString(), _ -> slots.size())).orElse(-1);
    }

    private static PickedFields level(
            List<Field> fields, String prefix, Map<String, Integer> slots) {
        PickedFields level = new PickedFields(fields);
        for (int i = 0; i < level.slots.length; i++) {
            Field field = fields.get(i);
            level.slots[i] = slots.getOrDefault(prefix + field.name(), -1);
            if (field.type() instanceof FieldType.Struct struct) {
                level.children[i] = level(struct.fields(), prefix + field.name() + ".", slots);
            }
        }
        return level;
    }

    /// The collector's reasons name no path: dead letters are validated again where one is wanted.
    private static String nowhere() {
        return "";
    }

    public Result check(byte[] event) {
        return check(event, 0, event.length);
    }

    /// Checks the `length` bytes from `offset`.
    public Result check(byte[] bytes, int offset, int length) {
        @Nullable String[] texts = new String[slotCount];
        return scans(bytes, offset, length, texts) ? passed(texts) : parsed(bytes, offset, length);
    }

    private boolean scans(byte[] bytes, int offset, int length, @Nullable String[] texts) {
        return QuickScan.reads(root, bytes, offset, length, texts)
                && Utf8.valid(bytes, offset, length);
    }

    /// Whether the answer comes without a parser.
    boolean scans(byte[] bytes, int offset, int length) {
        return scans(bytes, offset, length, new String[slotCount]);
    }

    /// The answer of a parser, whatever the event looks like.
    Result parsed(byte[] bytes, int offset, int length) {
        @Nullable String[] texts = new String[slotCount];
        Reason wrong =
                Json.reading(
                        bytes,
                        offset,
                        length,
                        () -> {
                            try (JsonParser parser = Json.parser(bytes, offset, length)) {
                                Json.start(parser);
                                object(root, parser, new Json.Skipper(parser), 1, texts);
                                Json.end(parser);
                            }
                        });
        return wrong != null ? new Result.Refused(List.of(wrong)) : passed(texts);
    }

    private Result passed(@Nullable String[] texts) {
        String key = keySlot < 0 ? null : texts[keySlot];
        String time = timeSlot < 0 ? null : texts[timeSlot];
        return new Result.Passed(
                key,
                id(texts),
                time == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(time)));
    }

    private @Nullable String id(@Nullable String[] texts) {
        if (idSlots.length == 0) {
            return null;
        }
        List<String> parts = new ArrayList<>(idSlots.length);
        for (int slot : idSlots) {
            String text = texts[slot];
            if (text == null) {
                return null;
            }
            parts.add(text);
        }
        return joined(parts);
    }

    /// The id that texts of id fields make together.
    public static String joined(List<String> parts) {
        for (String part : parts) {
            if (part.indexOf('|') >= 0 || part.indexOf('\\') >= 0) {
                return escaped(parts);
            }
        }
        return String.join("|", parts);
    }

    private static String escaped(List<String> parts) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0) {
                id.append('|');
            }
            String part = parts.get(i);
            for (int at = 0; at < part.length(); at++) {
                char c = part.charAt(at);
                if (c == '|' || c == '\\') {
                    id.append('\\');
                }
                id.append(c);
            }
        }
        return id.toString();
    }

    private static void object(
            PickedFields level,
            JsonParser parser,
            Json.Skipper skipper,
            int depth,
            @Nullable String[] texts) {
        Json.Skipper.checkDepth(depth, TopLevelCheck::nowhere);
        SeenFields seen = new SeenFields(level.slots.length);
        int scope = 0;
        for (int field = parser.nextNameMatch(level.matcher);
                field != PropertyNameMatcher.MATCH_END_OBJECT;
                field = parser.nextNameMatch(level.matcher)) {
            if (field >= 0) {
                if (!seen.add(field)) {
                    throw Json.Skipper.duplicate("", level.fields.get(field).name());
                }
                value(level, field, parser, skipper, depth, texts);
            } else {
                String name = parser.currentName();
                scope = scope == 0 ? skipper.names().newScope() : scope;
                if (!skipper.names().add(scope, name)) {
                    throw Json.Skipper.duplicate("", name);
                }
                parser.nextToken();
                skipper.skip(depth, TopLevelCheck::nowhere);
            }
        }
    }

    private static void value(
            PickedFields level,
            int field,
            JsonParser parser,
            Json.Skipper skipper,
            int depth,
            @Nullable String[] texts) {
        JsonToken token = parser.nextToken();
        if (token.isScalarValue()) {
            int slot = level.slots[field];
            if (slot >= 0) {
                texts[slot] = CanonicalText.of(level.fields.get(field).type(), token, parser);
            }
            return;
        }
        PickedFields child = level.children[field];
        if (child != null && token == JsonToken.START_OBJECT) {
            object(child, parser, skipper, depth + 1, texts);
        } else {
            skipper.skip(depth, TopLevelCheck::nowhere);
        }
    }
}
