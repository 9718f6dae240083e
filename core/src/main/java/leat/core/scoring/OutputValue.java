package leat.core.scoring;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One value of a row of an output, as `score` or `probabilities[1]`.
///
/// @param index among the values of the row, from 0 on
public record OutputValue(String output, int index) {

    private static final Pattern INDEXED = Pattern.compile("(.+)\\[(\\d{1,6})]");

    /// Reads a name, with or without an index.
    ///
    /// @throws IllegalArgumentException when it is no name
    public static OutputValue parse(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("an output has no name");
        }
        Matcher matcher = INDEXED.matcher(text);
        return matcher.matches()
                ? new OutputValue(matcher.group(1), Integer.parseInt(matcher.group(2)))
                : new OutputValue(text, 0);
    }

    @Override
    public String toString() {
        return output + "[" + index + "]";
    }
}
