package leat.core.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// An algorithm with its parameters.
///
/// @param name `xgboost`
/// @param parameters as they are written
/// @param sweep the values of parameters of which the best are searched; nothing where none are
/// @param command the program that learns; empty where that is one of Leat's own algorithms
public record AlgorithmChoice(
        String name,
        SortedMap<String, String> parameters,
        SortedMap<String, List<String>> sweep,
        Optional<TrainingCommand> command) {

    public AlgorithmChoice {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        SortedMap<String, List<String>> copy = new TreeMap<>();
        sweep.forEach((key, values) -> copy.put(key, List.copyOf(values)));
        sweep = Collections.unmodifiableSortedMap(copy);
    }

    /// All parameters that are to be tried, in one order; one where there is no sweep.
    public List<SortedMap<String, String>> candidates() {
        List<SortedMap<String, String>> candidates = List.of(parameters);
        for (Map.Entry<String, List<String>> swept : sweep.entrySet()) {
            List<SortedMap<String, String>> more = new ArrayList<>();
            for (SortedMap<String, String> candidate : candidates) {
                for (String value : swept.getValue()) {
                    SortedMap<String, String> with = new TreeMap<>(candidate);
                    with.put(swept.getKey(), value);
                    more.add(with);
                }
            }
            candidates = more;
        }
        return candidates;
    }
}
