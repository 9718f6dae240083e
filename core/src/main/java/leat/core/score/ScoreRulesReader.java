package leat.core.score;

import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import leat.core.config.DurationText;
import leat.core.feature.DefinitionFile;
import leat.core.training.Training;
import leat.core.yaml.Checked;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;
import leat.core.yaml.Problems;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlNode.Mapping;
import leat.core.yaml.YamlNode.Scalar;
import leat.core.yaml.YamlReader;

/// Reads `score` of the files `models/NAME.yaml`.
public final class ScoreRulesReader {

    /// The key of the file.
    public static final String KEY = "score";

    static final Set<String> KEYS = Set.of("answers", "groups", "oldest", "budget");
    private static final Set<String> ANSWER_KEYS = Set.of("test", "done", "link", "by", "date");
    private static final Set<String> BUDGET_KEYS = Set.of("tiles", "delay");
    private static final int MOST_TILES = 100_000;

    private final Keys keys;
    private final Optional<Training> training;

    private ScoreRulesReader(Keys keys, Optional<Training> training) {
        this.keys = keys;
        this.training = training;
    }

    /// Reads what every file of a folder says of it, or everything that is wrong with any of them.
    /// What is wrong with the file as a whole, [leat.core.prediction.ScoringReader] says.
    ///
    /// @param trainings of the same folder; where they are faulty, groups are not looked at
    /// @return by the files' names, without [DefinitionFile#SUFFIX]; none of files without it
    public static Checked<Map<String, ScoreRules>> readFolder(
            Path folder, Checked<List<Training>> trainings) {
        Problems problems = new Problems();
        Map<String, ScoreRules> rules = new TreeMap<>();
        for (Path file : YamlReader.files(folder, DefinitionFile.SUFFIX)) {
            String name = name(file);
            Optional<List<Training>> sound =
                    trainings instanceof Checked.Sound<List<Training>>(List<Training> all)
                            ? Optional.of(all)
                            : Optional.empty();
            // The same file is read for its scoring, which tells what is no YAML.
            YamlReader.read(file, new Problems())
                    .flatMap(node -> read(node, name, sound, problems))
                    .ifPresent(one -> rules.put(name, one));
        }
        return DefinitionFile.checked(Optional.of(Map.copyOf(rules)), problems);
    }

    /// Reads it from text as if it stood in `file`.
    public static Checked<ScoreRules> read(Path file, String text, List<Training> trainings) {
        Problems problems = new Problems();
        Optional<ScoreRules> rules =
                YamlReader.read(file, text, problems)
                        .flatMap(node -> read(node, name(file), Optional.of(trainings), problems));
        return DefinitionFile.checked(rules.or(() -> Optional.of(ScoreRules.DEFAULT)), problems);
    }

    private static String name(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(DefinitionFile.SUFFIX)
                ? name.substring(0, name.length() - DefinitionFile.SUFFIX.length())
                : name;
    }

    private static Optional<ScoreRules> read(
            YamlNode node, String name, Optional<List<Training>> trainings, Problems problems) {
        if (!(node instanceof Mapping mapping) || mapping.find(KEY).isEmpty()) {
            return Optional.empty();
        }
        return Keys.of(node, "", problems)
                .flatMap(root -> root.keys(KEY))
                .map(keys ->
                        new ScoreRulesReader(
                                        keys,
                                        trainings.flatMap(all ->
                                                all.stream()
                                                        .filter(one ->
                                                                one.name().value().equals(name))
                                                        .findFirst()))
                                .read());
    }

    private ScoreRules read() {
        keys.allow(KEYS);
        return new ScoreRules(
                answers(),
                groups(),
                duration(keys, "oldest").orElse(ScoreRules.DEFAULT.oldest()),
                budget());
    }

    private List<Answer> answers() {
        List<Answer> answers = new ArrayList<>();
        Set<ScoreTest> answered = new HashSet<>();
        for (Keys entry : keys.list("answers")) {
            entry.allow(ANSWER_KEYS);
            Optional<ScoreTest> test = test(entry);
            test.filter(one -> !answered.add(one))
                    .ifPresent(one ->
                            entry.complain(
                                    "test", "has an answer already", "keep the newest of both"));
            Optional<String> done = entry.requiredText("done", "say what was done");
            Optional<String> link = link(entry);
            Optional<String> by = entry.requiredText("by", "say who did it");
            Optional<LocalDate> date = date(entry);
            if (test.isPresent()
                    && done.isPresent()
                    && link.isPresent()
                    && by.isPresent()
                    && date.isPresent()) {
                answers.add(new Answer(test.get(), done.get(), link.get(), by.get(), date.get()));
            }
        }
        return answers;
    }

    private static Optional<ScoreTest> test(Keys entry) {
        Optional<String> word = entry.requiredText("test", "name the test, e.g. review");
        Optional<ScoreTest> test = word.flatMap(ScoreTest::of);
        if (word.isPresent() && test.isEmpty()) {
            entry.complain(
                    "test",
                    "there is no test '" + word.get() + "'",
                    NearestName.remedy(word.get(), ScoreTest.words()));
        }
        return test;
    }

    private static Optional<String> link(Keys entry) {
        Optional<String> link = entry.requiredText("link", "say where it is written down");
        link.filter(text -> !isAddress(text))
                .ifPresent(text ->
                        entry.complain(
                                "link",
                                "'" + text + "' is no http or https address",
                                "write e.g. https://wiki.example.org/model-review"));
        return link;
    }

    private static boolean isAddress(String text) {
        try {
            URI address = URI.create(text);
            String scheme = String.valueOf(address.getScheme());
            return address.getHost() != null && (scheme.equals("http") || scheme.equals("https"));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static Optional<LocalDate> date(Keys entry) {
        if (entry.requiredText("date", "say when, e.g. 2026-11-28").isEmpty()) {
            return Optional.empty();
        }
        return entry.parsed(
                "date",
                scalar -> {
                    try {
                        return LocalDate.parse(scalar.text());
                    } catch (DateTimeException _) {
                        throw new IllegalArgumentException(
                                "'" + scalar.text() + "' is no date, as 2026-11-28");
                    }
                });
    }

    private List<String> groups() {
        List<String> groups = keys.scalars("groups").stream().map(Scalar::text).distinct().toList();
        List<String> slices = training.map(Training::slices).orElse(groups);
        groups.stream()
                .filter(group -> !slices.contains(group))
                .forEach(group ->
                        keys.complain(
                                "groups",
                                "'" + group + "' is no slice of the training",
                                "add it to training.slices"));
        return groups;
    }

    private ScoreRules.Budget budget() {
        ScoreRules.Budget standard = ScoreRules.DEFAULT.budget();
        return keys.keys("budget")
                .map(budget -> {
                    budget.allow(BUDGET_KEYS);
                    return new ScoreRules.Budget(
                            budget.integer("tiles", 1, MOST_TILES).orElse(standard.tiles()),
                            duration(budget, "delay").orElse(standard.delay()));
                })
                .orElse(standard);
    }

    private static Optional<Duration> duration(Keys keys, String key) {
        return keys.parsed(
                key,
                scalar -> {
                    Duration duration = DurationText.parse(scalar.text());
                    if (duration.isZero()) {
                        throw new IllegalArgumentException("is nothing; write e.g. 30d");
                    }
                    return duration;
                });
    }
}
