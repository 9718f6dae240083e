package leat.core.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;
import leat.core.config.DurationText;
import leat.core.scoring.OutputValue;
import leat.core.yaml.Keys;
import leat.core.yaml.YamlNode.Scalar;

/// Reads the keys of an `algorithm` that are those of a command.
///
/// @param choice the keys of `algorithm`
/// @param folder the model's own
record CommandReader(Keys choice, Path folder) {

    private static final String RUN = "run";
    private static final String SCORE = "score";
    private static final String TIMEOUT = "timeout";
    private static final String ENVIRONMENT = "environment";

    static final Set<String> KEYS = Set.of(RUN, SCORE, TIMEOUT, ENVIRONMENT);

    static final String EXAMPLE = "run: [python3, train.py]";

    private static final int MOST_WORDS = 100;
    private static final int MOST_VARIABLES = 100;
    private static final Duration DEFAULT_TIMEOUT = Duration.ofHours(1);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(7);

    /// As the shell has them.
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,199}");

    /// As they are logged.
    private static final Pattern PARAMETER = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");

    /// What such keys are to another algorithm.
    static void refuse(Keys choice) {
        for (String key : KEYS) {
            if (choice.mapping().find(key).isPresent()) {
                choice.complain(
                        key,
                        "is of the algorithm " + TrainingCommand.NAME,
                        "leave it out, or write name: " + TrainingCommand.NAME);
            }
        }
    }

    /// Empty where there is no program, or no folder to start it in, which is a problem.
    Optional<TrainingCommand> read(
            SortedMap<String, String> parameters, SortedMap<String, List<String>> sweep) {
        parameters.keySet().forEach(name -> checkName("parameters", name));
        sweep.keySet().forEach(name -> checkName("sweep", name));
        List<String> words = words();
        Optional<OutputValue> score =
                choice.parsed(SCORE, scalar -> OutputValue.parse(scalar.text()));
        Duration timeout = timeout();
        List<String> environment = environment();
        Optional<String> digest = digest();
        return words.isEmpty() || digest.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new TrainingCommand(
                                words, score, timeout, environment, folder, digest.get()));
    }

    private void checkName(String key, String name) {
        if (!PARAMETER.matcher(name).matches()) {
            choice.complain(
                    key,
                    "'" + name + "' is no name of a parameter",
                    "use letters, digits, '-', '_' and '.', a letter first, at most 100");
        }
    }

    private List<String> words() {
        List<String> words = choice.scalars(RUN).stream().map(Scalar::text).toList();
        if (choice.mapping().find(RUN).isEmpty()) {
            choice.complain(
                    RUN, "is missing", "write the program and its arguments, e.g. " + EXAMPLE);
        } else if (words.isEmpty() || words.getFirst().isBlank()) {
            choice.complain(RUN, "names no program", "write e.g. " + EXAMPLE);
            return List.of();
        }
        if (words.size() == 1 && words.getFirst().strip().contains(" ")) {
            choice.complain(RUN, "is one word with spaces in it", "write a list, e.g. " + EXAMPLE);
        }
        if (words.size() > MOST_WORDS) {
            choice.complain(
                    RUN, "has more than " + MOST_WORDS + " words", "put them into a script");
        }
        if (words.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
            choice.complain(RUN, "has a word with a NUL in it", "leave it out");
        }
        return words;
    }

    private Duration timeout() {
        Duration timeout = TrainingReader.duration(choice, TIMEOUT).orElse(DEFAULT_TIMEOUT);
        if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
            choice.complain(
                    TIMEOUT,
                    "is " + DurationText.of(timeout),
                    "write from " + DurationText.of(SHORTEST) + " to " + DurationText.of(LONGEST));
        }
        return timeout;
    }

    private List<String> environment() {
        List<String> names = new ArrayList<>();
        for (Scalar scalar : choice.scalars(ENVIRONMENT)) {
            String name = scalar.text();
            if (!VARIABLE.matcher(name).matches()) {
                choice.complain(
                        ENVIRONMENT,
                        "'" + name + "' is no name of a variable",
                        "list names alone, e.g. MLFLOW_TRACKING_URI; values come from the"
                                + " environment of leat");
            } else if (name.startsWith("LEAT_")) {
                choice.complain(ENVIRONMENT, "'" + name + "' is not for a command", "leave it out");
            } else if (!names.contains(name)) {
                names.add(name);
            }
        }
        if (names.size() > MOST_VARIABLES) {
            choice.complain(ENVIRONMENT, "are more than " + MOST_VARIABLES, "name those it needs");
        }
        return names;
    }

    private Optional<String> digest() {
        try {
            return Optional.of(FolderDigest.of(folder));
        } catch (FolderDigest.NoFolder e) {
            choice.complain(
                    RUN,
                    "is started in the folder " + folder + ", which " + e.getMessage(),
                    e.remedy());
        } catch (UncheckedIOException | IOException e) {
            choice.complain(
                    RUN,
                    "is started in the folder " + folder + ", of which a file cannot be read: " + e,
                    "correct its permissions");
        }
        return Optional.empty();
    }
}
