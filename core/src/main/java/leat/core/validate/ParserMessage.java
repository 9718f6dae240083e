package leat.core.validate;

import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/// What the parser says about broken JSON, for those who wrote the JSON: in one line, without the
/// parser's settings, which are not theirs, and without how it calls the bytes that it was given.
public final class ParserMessage {

    private static final Pattern MARKED =
            Pattern.compile(" \\((?:start marker|for \\w+ starting) at .*");
    private static final Pattern SETTINGS =
            Pattern.compile(
                    ", from `[^`]*`"
                            + "|: enable `[^`]*` to allow"
                            + "| \\(not recognized as one since Feature [^)]*\\)"
                            + "| \\(consider enabling `.*");
    private static final Pattern NEEDED = Pattern.compile(" require enabling `[^`]*`");

    private ParserMessage() {}

    /// One line without a final full stop.
    public static String of(JacksonException e) {
        String line = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
        String unmarked = MARKED.matcher(line).replaceFirst("");
        String plain = SETTINGS.matcher(unmarked).replaceAll("");
        return NEEDED.matcher(plain).replaceFirst(" are not allowed");
    }
}
