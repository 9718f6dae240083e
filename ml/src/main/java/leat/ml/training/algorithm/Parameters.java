package leat.ml.training.algorithm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.yaml.NearestName;
import leat.ml.training.algorithm.AlgorithmRefused.Problem;

/// The parameters of an algorithm with their values, all of them and each in its range.
final class Parameters {

    private final Map<String, Object> values;

    private Parameters(Map<String, Object> values) {
        this.values = values;
    }

    /// Reads what is set, and puts defaults where nothing is.
    ///
    /// @throws AlgorithmRefused with all that is unknown or out of its range
    static Parameters of(AlgorithmKind kind, Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        List<String> known = kind.parameters().stream().map(Parameter::name).toList();
        for (String name : settings.keySet()) {
            if (!known.contains(name)) {
                problems.add(
                        new Problem(
                                Optional.of(name),
                                kind.name()
                                        + " has no parameter '"
                                        + name
                                        + "': "
                                        + NearestName.remedy(name, known)));
            }
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (Parameter parameter : kind.parameters()) {
            Object setting = settings.getOrDefault(parameter.name(), parameter.fallback());
            parameter
                    .range()
                    .read(setting)
                    .ifPresentOrElse(
                            value -> values.put(parameter.name(), value),
                            () -> problems.add(outOfRange(parameter, setting)));
        }
        if (!problems.isEmpty()) {
            throw new AlgorithmRefused(problems);
        }
        return new Parameters(values);
    }

    private static Problem outOfRange(Parameter parameter, Object setting) {
        return new Problem(
                Optional.of(parameter.name()),
                parameter.name() + " must be " + parameter.range() + ", not " + setting);
    }

    int whole(String name) {
        return Math.toIntExact((Long) value(name));
    }

    double decimal(String name) {
        return (Double) value(name);
    }

    String word(String name) {
        return (String) value(name);
    }

    /// Whether a number has one of its words for a value.
    boolean isWord(String name) {
        return value(name) instanceof String;
    }

    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        values.forEach((name, value) -> texts.put(name, value.toString()));
        return texts;
    }

    private Object value(String name) {
        Object value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("there is no parameter " + name);
        }
        return value;
    }
}
