package leat.stream.collector.syslog;

import java.util.List;
import java.util.Map;

/// The elements of RFC 5424: `[id name="value" …]`, with `\"`, `\\` and `\]` in values.
final class StructuredData {

    private StructuredData() {}

    /// Reads it into attributes `id.name`; an element without parameters is one without a value.
    ///
    /// @return where it ends, or -1 when it is none
    static int read(String text, int from, List<Map.Entry<String, String>> attributes) {
        if (text.startsWith("-", from)) {
            return ends(text, from + 1);
        }
        int at = from;
        while (at < text.length() && text.charAt(at) == '[') {
            at = element(text, at + 1, attributes);
            if (at < 0) {
                return -1;
            }
        }
        return ends(text, at);
    }

    private static int ends(String text, int at) {
        return at == text.length() || text.charAt(at) == ' ' ? at : -1;
    }

    private static int element(String text, int from, List<Map.Entry<String, String>> attributes) {
        int at = nameEnd(text, from);
        if (at == from || at == text.length()) {
            return -1;
        }
        String id = text.substring(from, at);
        if (text.charAt(at) == ']') {
            attributes.add(Map.entry(id, ""));
        }
        while (at < text.length() && text.charAt(at) == ' ') {
            int nameFrom = at + 1;
            int nameTo = nameEnd(text, nameFrom);
            if (nameTo == nameFrom || !text.startsWith("=\"", nameTo)) {
                return -1;
            }
            StringBuilder value = new StringBuilder();
            at = value(text, nameTo + 2, value);
            if (at < 0) {
                return -1;
            }
            attributes.add(
                    Map.entry(id + "." + text.substring(nameFrom, nameTo), value.toString()));
        }
        return at < text.length() && text.charAt(at) == ']' ? at + 1 : -1;
    }

    private static int nameEnd(String text, int from) {
        int at = from;
        while (at < text.length() && " =]\"".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    /// @return behind the closing quote, or -1
    private static int value(String text, int from, StringBuilder value) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                return at + 1;
            }
            boolean escapes =
                    c == '\\'
                            && at + 1 < text.length()
                            && "\"\\]".indexOf(text.charAt(at + 1)) >= 0;
            value.append(escapes ? text.charAt(at + 1) : c);
            at += escapes ? 2 : 1;
        }
        return -1;
    }
}
