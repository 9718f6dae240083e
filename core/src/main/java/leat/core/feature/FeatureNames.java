package leat.core.feature;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What features may be called, in views and in sets.
final class FeatureNames {

    static final int MAX_CHARS = 80;
    private static final Pattern SNAKE_CASE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    private static final Set<String> VECTOR_FIELDS =
            Set.of(CompiledView.ENTITY, CompiledView.QUERY_TIME);

    private FeatureNames() {}

    static Optional<Objection> objection(String name) {
        if (!SNAKE_CASE.matcher(name).matches() || name.length() > MAX_CHARS) {
            return Optional.of(
                    new Objection(
                            "'" + name + "' cannot be a feature's name",
                            "use at most "
                                    + MAX_CHARS
                                    + " lower case letters, digits and single underscores, a letter"
                                    + " first"));
        }
        if (VECTOR_FIELDS.contains(name) || name.startsWith("leat_")) {
            return Optional.of(
                    new Objection(
                            "'" + name + "' has its own meaning in a vector", "use another name"));
        }
        return Optional.empty();
    }
}
