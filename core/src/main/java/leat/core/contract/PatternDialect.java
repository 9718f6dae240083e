package leat.core.contract;

import com.google.re2j.Pattern;

/// The regular expressions a contract may use: what RE2 and ECMA-262 have in common, so that the
/// pattern means the same to Leat's linear-time engine and to a JSON Schema validator. `(?:…)` is
/// the only group with a question mark; `\A \z \C \Q \p{…} [[:alpha:]]` and `\S` within brackets
/// are refused.
public final class PatternDialect {

    private static final String SPACES = "\\t\\n\\f\\r ";
    private static final String ESCAPES = "dDwWbBsStnrfv0123456789";

    private PatternDialect() {}

    /// Compiles a pattern; it may match anywhere in a text.
    ///
    /// @throws IllegalArgumentException when it is not of the dialect
    public static Pattern compile(String pattern) {
        ecma(pattern);
        try {
            return Pattern.compile(pattern);
        } catch (com.google.re2j.PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "'" + pattern + "' is not a pattern: " + e.getDescription(), e);
        }
    }

    /// The same pattern as ECMA-262 has to read it: `.` and `\s` are spelled out, since the two
    /// engines differ on line ends and Unicode spaces.
    ///
    /// @throws IllegalArgumentException when it is not of the dialect
    public static String ecma(String pattern) {
        StringBuilder out = new StringBuilder();
        boolean inClass = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\') {
                i++;
                escape(pattern, i, inClass, out);
            } else if (inClass) {
                refuse(c == '[', pattern, "write \\[ within brackets");
                refuse(c == '&' && pattern.startsWith("&&", i), pattern, "write \\& for &&");
                inClass = c != ']';
                out.append(c);
            } else if (c == '[') {
                inClass = true;
                boolean negated = pattern.startsWith("^", i + 1);
                int first = negated ? i + 2 : i + 1;
                refuse(pattern.startsWith("]", first), pattern, "write \\] within brackets");
                out.append(negated ? "[^" : "[");
                i = first - 1;
            } else if (c == '.') {
                out.append("[^\\n]");
            } else {
                refuse(
                        c == '('
                                && pattern.startsWith("?", i + 1)
                                && !pattern.startsWith(":", i + 2),
                        pattern,
                        "only (?:…) may follow (?");
                out.append(c);
            }
        }
        return out.toString();
    }

    private static void escape(String pattern, int at, boolean inClass, StringBuilder out) {
        refuse(at >= pattern.length(), pattern, "nothing follows the last \\");
        char c = pattern.charAt(at);
        if (c == 's') {
            out.append(inClass ? SPACES : "[" + SPACES + "]");
        } else if (c == 'S') {
            refuse(inClass, pattern, "\\S cannot stand within brackets");
            out.append("[^" + SPACES + "]");
        } else {
            boolean letterOrDigit = c < 128 && Character.isLetterOrDigit(c);
            refuse(
                    letterOrDigit && (ESCAPES.indexOf(c) < 0 || Character.isDigit(c)),
                    pattern,
                    "\\" + c + " is not part of the dialect");
            refuse(inClass && (c == 'b' || c == 'B'), pattern, "\\b cannot stand within brackets");
            refuse(c >= 128, pattern, "write " + c + " without the \\");
            out.append('\\').append(c);
        }
    }

    private static void refuse(boolean wrong, String pattern, String why) {
        if (wrong) {
            throw new IllegalArgumentException("pattern '" + pattern + "': " + why);
        }
    }
}
