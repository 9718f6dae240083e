package leat.core.protect;

import java.nio.charset.StandardCharsets;

/// A place in an event's bytes that moves over them, token by token. It relies on bytes that a
/// validator found sound; on others it ends with an exception, and never runs on in silence.
final class JsonScan {

    private final byte[] bytes;
    private int at;
    private int textStart;
    private boolean escaped;

    JsonScan(byte[] bytes) {
        this.bytes = bytes;
    }

    int at() {
        return at;
    }

    byte peek() {
        if (at >= bytes.length) {
            throw unsound();
        }
        return bytes[at];
    }

    void expect(char character) {
        if (peek() != character) {
            throw unsound();
        }
        at++;
    }

    /// Moves over the character when it is next.
    boolean take(char character) {
        if (peek() != character) {
            return false;
        }
        at++;
        return true;
    }

    void whitespace() {
        while (at < bytes.length && isWhitespace(bytes[at])) {
            at++;
        }
    }

    private static boolean isWhitespace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /// Moves over a string; [#textStart], [#escaped] and [#text] then tell of it.
    void string() {
        expect('"');
        textStart = at;
        escaped = false;
        while (peek() != '"') {
            if (bytes[at] == '\\') {
                escaped = true;
                at++;
            }
            at++;
        }
        at++;
    }

    /// Where the content of the last string begins; it ends before the quote behind which [#at] is.
    int textStart() {
        return textStart;
    }

    /// Whether the last string has an escape, so that its bytes are not its text.
    boolean escaped() {
        return escaped;
    }

    /// The text of the string that was just moved over.
    String text() {
        int end = at - 1;
        if (!escaped) {
            return new String(bytes, textStart, end - textStart, StandardCharsets.UTF_8);
        }
        StringBuilder text = new StringBuilder(end - textStart);
        int copied = textStart;
        for (int i = textStart; i < end; i++) {
            if (bytes[i] == '\\') {
                text.append(new String(bytes, copied, i - copied, StandardCharsets.UTF_8));
                i = escape(i + 1, text);
                copied = i + 1;
            }
        }
        text.append(new String(bytes, copied, end - copied, StandardCharsets.UTF_8));
        return text.toString();
    }

    /// Appends what the escape means; yields the place of its last character.
    private int escape(int letter, StringBuilder text) {
        switch (bytes[letter]) {
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case '"', '\\', '/' -> text.append((char) bytes[letter]);
            case 'u' -> {
                String digits = new String(bytes, letter + 1, 4, StandardCharsets.ISO_8859_1);
                text.append((char) Integer.parseInt(digits, 16));
                return letter + 4;
            }
            default -> throw unsound();
        }
        return letter;
    }

    /// Moves over a value of any kind.
    void skip() {
        int depth = 0;
        do {
            whitespace();
            switch (peek()) {
                case '"' -> string();
                case '{', '[' -> {
                    depth++;
                    at++;
                }
                case '}', ']', ',', ':' -> {
                    if (depth == 0) {
                        throw unsound();
                    }
                    depth -= bytes[at] == '}' || bytes[at] == ']' ? 1 : 0;
                    at++;
                }
                default -> word();
            }
        } while (depth > 0);
    }

    /// A number, `true`, `false` or `null`.
    private void word() {
        int start = at;
        while (at < bytes.length && isOfAWord(bytes[at])) {
            at++;
        }
        if (at == start) {
            throw unsound();
        }
    }

    private static boolean isOfAWord(byte b) {
        return (b >= '0' && b <= '9')
                || (b >= 'a' && b <= 'z')
                || b == 'E'
                || b == '-'
                || b == '+'
                || b == '.';
    }

    IllegalStateException unsound() {
        return new IllegalStateException(
                "the event to protect is not as its validator found it, at byte " + at);
    }
}
