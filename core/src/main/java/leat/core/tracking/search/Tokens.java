package leat.core.tracking.search;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes a text apart into tokens.
final class Tokens {

    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(\\d++(\\.\\d*+)?|\\.\\d++)([eE][-+]?\\d++)?");
    private static final Pattern OPERATOR = Pattern.compile("<=|>=|!=|<>|==|[=<>(),;]");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Tokens(String text) {
        this.text = text;
    }

    /// @throws Unclosed when a quote does not end
    static List<Token> of(String text) {
        Tokens reading = new Tokens(text);
        while (reading.skippedSpace()) {
            reading.take();
        }
        return reading.tokens;
    }

    /// A quote that does not end.
    static final class Unclosed extends RuntimeException {
        Unclosed(String text, int at) {
            super(text.substring(at), null, false, false);
        }

        /// From the quote to the end.
        String rest() {
            return String.valueOf(getMessage());
        }
    }

    private boolean skippedSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length();
    }

    private void take() {
        int start = at;
        char first = text.charAt(at);
        if (first == '\'') {
            skipQuoted(first);
            tokens.add(new Token.Quoted(start, text.substring(start, at)));
        } else if (skipped(NUMBER)) {
            tokens.add(new Token.Numeral(start, text.substring(start, at)));
        } else if (inName(first)) {
            skipName();
            tokens.add(new Token.Name(start, text.substring(start, at)));
        } else {
            if (!skipped(OPERATOR)) {
                at++;
            }
            tokens.add(new Token.Symbol(start, text.substring(start, at)));
        }
    }

    private boolean skipped(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            return false;
        }
        at = matcher.end();
        return true;
    }

    private static boolean inName(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '`' || c == '"';
    }

    private void skipName() {
        while (at < text.length() && inName(text.charAt(at))) {
            char c = text.charAt(at);
            if (c == '`' || c == '"') {
                skipQuoted(c);
            } else {
                at++;
            }
        }
    }

    /// A quote within a text is written twice.
    private void skipQuoted(char quote) {
        int start = at++;
        while (true) {
            int end = text.indexOf(quote, at);
            if (end < 0) {
                throw new Unclosed(text, start);
            }
            at = end + 1;
            if (at >= text.length() || text.charAt(at) != quote) {
                return;
            }
            at++;
        }
    }
}
