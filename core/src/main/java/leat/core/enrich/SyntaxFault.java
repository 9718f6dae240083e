package leat.core.enrich;

import dev.cel.common.CelIssue;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is wrong with a text that is no CEL expression, in the words of who wrote it: the parser
/// speaks of its grammar, and finds more faults behind the first one that are none.
///
/// @param message names the whole expression, and where it cannot be read on
/// @param remedy an imperative without a final full stop
record SyntaxFault(String message, String remedy) {

    private static final Pattern AT_END =
            Pattern.compile("(?:mismatched|extraneous) input '<EOF>'.*|.* at '<EOF>'.*");
    private static final Pattern OPEN_TEXT =
            Pattern.compile("token recognition error at: '([\"'].*)");
    private static final Pattern GRAMMAR =
            Pattern.compile(
                    "(?:mismatched input|extraneous input|no viable alternative|missing |token"
                            + " recognition error).*");

    /// Of the first of the parser's faults.
    ///
    /// @param issues at least one
    static SyntaxFault of(String text, List<CelIssue> issues) {
        CelIssue first = issues.getFirst();
        String said = first.getMessage().strip().replaceAll("\\s+", " ");
        String expression = "'" + text.strip() + "'";
        Matcher open = OPEN_TEXT.matcher(said);
        if (open.matches()) {
            return new SyntaxFault(
                    expression + " has a text that is not closed, " + at(first),
                    "end it with the quote that it begins with");
        }
        if (AT_END.matcher(said).matches()) {
            return new SyntaxFault(
                    expression + " breaks off",
                    "write what is missing at its end, e.g. a value behind an operator or a"
                            + " closing bracket");
        }
        if (GRAMMAR.matcher(said).matches()) {
            return new SyntaxFault(
                    expression + " cannot be read on " + at(first),
                    "write it as e.g. event.speed > 100.0 && event.state == \"on\": an operator"
                            + " between two values, every bracket closed, texts in quotes");
        }
        return new SyntaxFault(said + " in " + expression, "correct the expression");
    }

    /// The parser counts columns from 0.
    private static String at(CelIssue issue) {
        int character = issue.getSourceLocation().getColumn() + 1;
        int line = issue.getSourceLocation().getLine();
        return "at character " + character + (line > 1 ? " of its line " + line : "");
    }
}
