package leat.core.protect;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import leat.core.contract.Protection;
import leat.core.validate.JsonText;
import org.jspecify.annotations.Nullable;

/// One event while its protected values are replaced and cut out. All other bytes stay as they are.
final class Rewriting {

    private final byte[] bytes;
    private final JsonScan scan;
    private final Replacements replacements;
    private @Nullable ByteArrayOutputStream out;
    private int copied;

    Rewriting(byte[] bytes, Optional<ProtectionKey> key) {
        this.bytes = bytes;
        this.scan = new JsonScan(bytes);
        this.replacements = new Replacements(key);
    }

    byte[] rewritten(Rule.Level root) {
        scan.whitespace();
        object(root);
        ByteArrayOutputStream written = out;
        if (written == null) {
            return bytes;
        }
        written.write(bytes, copied, bytes.length - copied);
        return written.toByteArray();
    }

    /// A member is cut with the comma before it; those at the beginning, before any that stays,
    /// with what is between them and the first that does.
    private void object(Rule.Level level) {
        scan.expect('{');
        scan.whitespace();
        boolean kept = false;
        int cutFrom = -1;
        int end = scan.at();
        while (scan.peek() != '}') {
            int start = scan.at();
            @Nullable Rule rule = member(level);
            if (rule instanceof Rule.Cut) {
                scan.skip();
                if (kept) {
                    cut(end, scan.at());
                } else if (cutFrom < 0) {
                    cutFrom = start;
                }
            } else {
                if (!kept && cutFrom >= 0) {
                    cut(cutFrom, start);
                }
                kept = true;
                value(rule);
            }
            end = scan.at();
            next('}');
        }
        if (!kept && cutFrom >= 0) {
            cut(cutFrom, end);
        }
        scan.expect('}');
    }

    /// Moves to the member's value and finds its rule.
    private @Nullable Rule member(Rule.Level level) {
        scan.string();
        Rule rule =
                scan.escaped()
                        ? unescaped(level, scan.text().getBytes(StandardCharsets.UTF_8))
                        : level.rule(bytes, scan.textStart(), scan.at() - 1);
        scan.whitespace();
        scan.expect(':');
        scan.whitespace();
        return rule;
    }

    private static @Nullable Rule unescaped(Rule.Level level, byte[] name) {
        return level.rule(name, 0, name.length);
    }

    private void next(char close) {
        scan.whitespace();
        if (scan.take(',')) {
            scan.whitespace();
        } else if (scan.peek() != close) {
            throw scan.unsound();
        }
    }

    private void value(@Nullable Rule rule) {
        switch (rule) {
            case Rule.Replaced(Protection.Action action) -> replace(action);
            case Rule.Inside(Rule.Level level) -> inside(level);
            case Rule.Cut _ -> throw new IllegalStateException("a cut member has no value left");
            case null -> scan.skip();
        }
    }

    private void inside(Rule.Level level) {
        switch (scan.peek()) {
            case '{' -> object(level);
            case '[' -> {
                scan.expect('[');
                scan.whitespace();
                while (scan.peek() != ']') {
                    inside(level);
                    next(']');
                }
                scan.expect(']');
            }
            case 'n' -> scan.skip();
            default -> throw scan.unsound();
        }
    }

    /// Nothing but a text or null may stand here: what could not be replaced must not get through.
    private void replace(Protection.Action action) {
        if (scan.peek() == 'n') {
            scan.skip();
            return;
        }
        int start = scan.at();
        scan.string();
        StringBuilder quoted = new StringBuilder(Protection.HASH_CHARS + 2);
        switch (action) {
            case Protection.Action.Hash _ -> quoted.append('"').append(hash()).append('"');
            case Protection.Action.Mask mask ->
                    JsonText.quote(Replacements.mask(mask, scan.text()), quoted);
            case Protection.Action.Drop _ ->
                    throw new IllegalStateException("a cut member has no value left");
        }
        cut(start, scan.at()).writeBytes(quoted.toString().getBytes(StandardCharsets.UTF_8));
    }

    private String hash() {
        if (scan.escaped()) {
            return replacements.hash(scan.text().getBytes(StandardCharsets.UTF_8));
        }
        int from = scan.textStart();
        return replacements.hash(bytes, from, scan.at() - 1 - from);
    }

    private ByteArrayOutputStream cut(int from, int to) {
        ByteArrayOutputStream written = out;
        if (written == null) {
            written = new ByteArrayOutputStream(bytes.length + 4 * Protection.HASH_CHARS);
            out = written;
        }
        written.write(bytes, copied, from - copied);
        copied = to;
        return written;
    }
}
