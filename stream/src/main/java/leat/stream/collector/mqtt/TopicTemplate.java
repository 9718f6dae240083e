package leat.stream.collector.mqtt;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The shape of topics: levels between slashes, each a text or a variable in braces, such as
/// `fleet/{car}/telemetry`. A variable stands for one whole level that is not empty.
record TopicTemplate(String text, List<Level> levels) {

    private static final Pattern VARIABLE = Pattern.compile("\\{([a-z][a-zA-Z0-9_.]*)}");

    /// One level of a topic.
    sealed interface Level {

        /// It reads so.
        record Literal(String text) implements Level {}

        /// It may be any text.
        record Variable(String name) implements Level {}
    }

    TopicTemplate {
        levels = List.copyOf(levels);
    }

    /// @throws IllegalArgumentException when it is none
    static TopicTemplate parse(String text) {
        if (text.isEmpty() || text.length() > 1_000) {
            throw new IllegalArgumentException("topic must have 1 to 1,000 characters");
        }
        List<Level> levels = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String level : text.split("/", -1)) {
            Matcher variable = VARIABLE.matcher(level);
            if (variable.matches()) {
                if (!names.add(variable.group(1))) {
                    throw new IllegalArgumentException(
                            "topic '" + text + "' has the variable " + level + " twice");
                }
                levels.add(new Level.Variable(variable.group(1)));
            } else if (level.matches(".*[{}+#\\u0000].*")) {
                throw new IllegalArgumentException(
                        "topic '"
                                + text
                                + "' has the level '"
                                + level
                                + "': write a text without braces, + and #, or one variable such"
                                + " as {car}");
            } else {
                levels.add(new Level.Literal(level));
            }
        }
        return new TopicTemplate(text, levels);
    }

    List<String> variables() {
        return levels.stream()
                .filter(Level.Variable.class::isInstance)
                .map(level -> ((Level.Variable) level).name())
                .toList();
    }

    /// The place of a variable among the levels; -1 for none of that name.
    int place(String variable) {
        return levels.indexOf(new Level.Variable(variable));
    }

    /// Whether some topic is of both shapes.
    boolean overlaps(TopicTemplate other) {
        if (levels.size() != other.levels.size()) {
            return false;
        }
        for (int i = 0; i < levels.size(); i++) {
            if (levels.get(i) instanceof Level.Literal mine
                    && other.levels.get(i) instanceof Level.Literal theirs
                    && !mine.equals(theirs)) {
                return false;
            }
        }
        return true;
    }

    /// The levels of a topic of this shape; `null` for another.
    String @Nullable [] match(String topic) {
        String[] parts = topic.split("/", -1);
        if (parts.length != levels.size()) {
            return null;
        }
        for (int i = 0; i < parts.length; i++) {
            boolean fits =
                    switch (levels.get(i)) {
                        case Level.Literal(String wanted) -> wanted.equals(parts[i]);
                        case Level.Variable _ -> !parts[i].isEmpty();
                    };
            if (!fits) {
                return null;
            }
        }
        return parts;
    }
}
