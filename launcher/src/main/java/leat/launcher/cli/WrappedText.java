package leat.launcher.cli;

import java.util.ArrayList;
import java.util.List;

/// Text in lines that are no wider than the terminal, broken between words; a word that is longer
/// than a line is broken within.
final class WrappedText {

    private static final int NARROWEST = 20;

    private WrappedText() {}

    /// @param indent before each line
    /// @param width of a line with its indent; lines are 20 characters wide at least
    static List<String> lines(String indent, String text, int width) {
        int room = Math.max(NARROWEST, width - indent.length());
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.replaceAll("\\p{Cntrl}+", " ").split(" ", -1)) {
            String rest = word;
            if (!line.isEmpty() && line.length() + 1 + rest.length() > room) {
                lines.add(indent + line);
                line.setLength(0);
            } else if (!line.isEmpty()) {
                line.append(' ');
            }
            while (rest.length() > room) {
                lines.add(indent + rest.substring(0, room));
                rest = rest.substring(room);
            }
            line.append(rest);
        }
        lines.add(indent + line);
        return lines;
    }
}
