package leat.core.yaml;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A text like `scores[1]` that stands without quotes within `{…}` or `[…]`, where YAML takes its
/// bracket for the beginning of a list.
record BracketedText(String text) {

    private static final Pattern TEXT = Pattern.compile("[\\w.-]+\\[[^\\[\\]{},]*\\]");

    /// The one whose bracket stands at a place.
    ///
    /// @param file the whole text of the place's file
    static Optional<BracketedText> at(String file, Location place) {
        List<String> lines = file.lines().toList();
        if (place.line() > lines.size()) {
            return Optional.empty();
        }
        Matcher found = TEXT.matcher(lines.get(place.line() - 1));
        while (found.find()) {
            int bracket = found.group().indexOf('[') + found.start();
            if (bracket + 1 == place.column()) {
                return Optional.of(new BracketedText(found.group()));
            }
        }
        return Optional.empty();
    }

    /// What to do about it, an imperative without a final full stop.
    String remedy() {
        return "put it in quotes, '"
                + text
                + "': within {…} and […] a bracket would begin a list of its own";
    }
}
