package leat.core.training;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import leat.core.yaml.Keys;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlNode.Entry;
import leat.core.yaml.YamlNode.Scalar;

/// Reads `algorithm` and `baseline` of a training.
final class AlgorithmReader {

    private static final Set<String> ALGORITHM_KEYS = keys();
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    private static final int MOST_CANDIDATES = 100;

    private AlgorithmReader() {}

    private static Set<String> keys() {
        Set<String> keys = new HashSet<>(CommandReader.KEYS);
        keys.addAll(Set.of("name", "parameters", "sweep"));
        return Set.copyOf(keys);
    }

    /// `name`, or `{name: …, parameters: {…}, sweep: {…}}`, of a command with its own keys.
    ///
    /// @param folder the model's own
    static Optional<AlgorithmChoice> read(Keys keys, String key, Path folder) {
        YamlNode node = keys.mapping().find(key).orElse(null);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof Scalar scalar) {
            Optional<String> word = word(keys, key, scalar.text());
            if (word.filter(TrainingCommand.NAME::equals).isPresent()) {
                keys.complain(
                        key,
                        "says no program",
                        "write {name: command, " + CommandReader.EXAMPLE + "}");
                return Optional.empty();
            }
            return word.map(name ->
                    new AlgorithmChoice(name, new TreeMap<>(), new TreeMap<>(), Optional.empty()));
        }
        Optional<Keys> mapping = keys.keys(key);
        if (mapping.isEmpty()) {
            return Optional.empty();
        }
        Keys choice = mapping.get();
        choice.allow(ALGORITHM_KEYS);
        SortedMap<String, String> parameters = new TreeMap<>();
        choice.keys("parameters")
                .ifPresent(all ->
                        all.mapping()
                                .entries()
                                .forEach(entry ->
                                        all.text(entry.key().text())
                                                .ifPresent(text ->
                                                        parameters.put(entry.key().text(), text))));
        SortedMap<String, List<String>> sweep = sweep(choice);
        if (key.equals(TrainingReader.BASELINE) && !sweep.isEmpty()) {
            choice.complain("sweep", "a baseline is one model", "give its parameters");
        }
        Optional<String> name =
                choice.requiredText("name", "name what learns, e.g. xgboost")
                        .flatMap(text -> word(choice, "name", text));
        if (name.filter(TrainingCommand.NAME::equals).isEmpty()) {
            CommandReader.refuse(choice);
            return name.map(one -> new AlgorithmChoice(one, parameters, sweep, Optional.empty()));
        }
        return new CommandReader(choice, folder)
                .read(parameters, sweep)
                .map(command ->
                        new AlgorithmChoice(
                                TrainingCommand.NAME, parameters, sweep, Optional.of(command)));
    }

    private static SortedMap<String, List<String>> sweep(Keys choice) {
        SortedMap<String, List<String>> sweep = new TreeMap<>();
        Optional<Keys> found = choice.keys("sweep");
        long candidates = 1;
        for (Entry entry : found.map(all -> all.mapping().entries()).orElse(List.of())) {
            Keys all = found.orElseThrow();
            String key = entry.key().text();
            List<String> values =
                    List.copyOf(
                            new LinkedHashSet<>(
                                    all.scalars(key).stream().map(Scalar::text).toList()));
            if (values.isEmpty()) {
                all.complain(key, "has no values", "list those that are to be tried");
                continue;
            }
            sweep.put(key, values);
            candidates = Math.min(candidates * values.size(), Integer.MAX_VALUE);
        }
        if (candidates > MOST_CANDIDATES) {
            choice.complain(
                    "sweep",
                    "has "
                            + candidates
                            + " combinations, at most "
                            + MOST_CANDIDATES
                            + " are tried",
                    "leave some values out");
        }
        return sweep;
    }

    private static Optional<String> word(Keys keys, String key, String text) {
        if (WORD.matcher(text).matches()) {
            return Optional.of(text);
        }
        keys.complain(key, "'" + text + "' is no algorithm's name", "write e.g. xgboost");
        return Optional.empty();
    }
}
