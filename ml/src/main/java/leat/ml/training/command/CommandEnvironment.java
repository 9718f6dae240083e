package leat.ml.training.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// The environment of a program that learns. Of this process's own it is given what tells where
/// programs, a home and the language are, and what its definition names; everything else, keys and
/// passwords among it, stays here.
final class CommandEnvironment {

    static final String DATA = "LEAT_DATA";
    static final String MODEL = "LEAT_MODEL";
    static final String SCORES = "LEAT_SCORES";

    /// What every program may know.
    static final List<String> USUAL =
            List.of("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "TZ", "USER");

    /// A number as JSON writes it.
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

    private final Map<String, String> variables = new TreeMap<>();

    /// @param outer of this process
    /// @param named what is given beside the usual
    CommandEnvironment(Map<String, String> outer, List<String> named) {
        for (List<String> names : List.of(USUAL, named)) {
            for (String name : names) {
                String value = outer.get(name);
                if (value != null) {
                    variables.put(name, value);
                }
            }
        }
    }

    /// Where its files are.
    CommandEnvironment in(Path data, Path model, Path scores, Path temporary) {
        variables.put(DATA, data.toString());
        variables.put(MODEL, model.toString());
        variables.put(SCORES, scores.toString());
        variables.put("TMPDIR", temporary.toString());
        return this;
    }

    /// What it learns, and how: parameters that read as numbers or truths are such in JSON.
    CommandEnvironment with(List<String> features, Map<String, String> parameters, long seed) {
        variables.put("LEAT_FEATURES", JsonMapper.shared().writeValueAsString(features));
        variables.put("LEAT_PARAMETERS", json(parameters));
        variables.put("LEAT_SEED", Long.toString(seed));
        // Of Python: the same order of sets each time, output at once, and no files beside sources.
        variables.putIfAbsent("PYTHONHASHSEED", Long.toString(seed));
        variables.putIfAbsent("PYTHONUNBUFFERED", "1");
        variables.putIfAbsent("PYTHONDONTWRITEBYTECODE", "1");
        return this;
    }

    static String json(Map<String, String> parameters) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        parameters.forEach((name, text) -> {
            if (NUMBER.matcher(text).matches()) {
                json.putRawValue(name, new RawValue(text));
            } else if (text.equals("true") || text.equals("false")) {
                json.put(name, text.equals("true"));
            } else {
                json.put(name, text);
            }
        });
        return JsonMapper.shared().writeValueAsString(json);
    }

    Map<String, String> variables() {
        return Map.copyOf(variables);
    }
}
