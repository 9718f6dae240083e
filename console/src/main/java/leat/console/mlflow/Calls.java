package leat.console.mlflow;

import java.util.LinkedHashMap;
import java.util.Map;

/// The calls that are served, by their paths behind the base.
///
/// @param posted take their fields from the body
/// @param gotten take their fields from the query
record Calls(Map<String, Call> posted, Map<String, Call> gotten) {

    Calls() {
        this(new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    void post(String path, Call call) {
        posted.put(path, call);
    }

    void get(String path, Call call) {
        gotten.put(path, call);
    }
}
