package leat.ml.training.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import leat.core.scoring.OutputValue;
import leat.core.training.TrainingCommand;
import leat.ml.training.algorithm.Algorithms;
import leat.ml.training.algorithm.Fitted;
import leat.ml.training.algorithm.Rows;
import leat.ml.training.algorithm.TrainingRefused;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs that learn, as scripts of the shell.
final class CommandAlgorithmTest {

    private static final long MICROS_2026 = 1_767_225_600_000_000L;
    private static final String GOOD = "cp model.onnx \"$LEAT_MODEL\"\n";

    @TempDir private Path folder;
    private Path scripts;
    private Path runs;
    private final Map<String, String> logs = new TreeMap<>();

    @BeforeEach
    void makeFolder() throws IOException {
        scripts = Files.createDirectory(folder.resolve("machines"));
        runs = folder.resolve("runs").resolve("5f1c");
        Files.write(
                scripts.resolve("model.onnx"),
                Algorithms.of("logistic", Map.of()).fit(rows("load", "heat"), 1).file());
        Files.write(
                scripts.resolve("wide.onnx"),
                Algorithms.of("logistic", Map.of()).fit(rows("load", "heat", "age"), 1).file());
    }

    /// Forty rows whose label is 1 from the middle on.
    private static Rows rows(String... features) {
        Rows.Builder rows = Rows.labelled(List.of(features));
        long[] times = new long[40];
        for (int row = 0; row < times.length; row++) {
            float[] values = new float[features.length];
            Arrays.fill(values, row / 8f);
            rows.add(values, row < 20 ? 0 : 1);
            times[row] = MICROS_2026 + row;
        }
        String[] entities = new String[times.length];
        Arrays.fill(entities, "m-1");
        return rows.build().from(new Rows.Origins(times, entities));
    }

    private Fitted fit(String script) {
        return fit(script, Optional.empty(), Duration.ofSeconds(20), Map.of());
    }

    private Fitted fit(
            String script,
            Optional<OutputValue> score,
            Duration timeout,
            Map<String, String> parameters) {
        TrainingCommand command =
                new TrainingCommand(
                        List.of("/bin/sh", "-c", script, "train.sh"),
                        score,
                        timeout,
                        List.of(),
                        scripts,
                        "");
        CommandRuns commands =
                new CommandRuns(
                        runs,
                        (file, content) -> {
                            logs.put(file, new String(content, UTF_8));
                            return file + " of the run 5f1c";
                        },
                        _ -> {});
        return new CommandAlgorithm(command, parameters, true, commands)
                .fit(rows("load", "heat"), 7);
    }

    private TrainingRefused refused(String script) {
        return Objects.requireNonNull(
                catchThrowableOfType(TrainingRefused.class, () -> fit(script)));
    }

    private String log() {
        return Objects.requireNonNull(logs.get("command-1.log"));
    }

    @Test
    void aProgramIsGivenRowsAndParametersAndItsModelIsAskedAsItIs() throws IOException {
        Fitted model =
                fit(
                        """
                        pwd
                        head -n 3 "$LEAT_DATA"
                        wc -l < "$LEAT_DATA"
                        echo "$LEAT_FEATURES $LEAT_PARAMETERS $LEAT_SEED"
                        echo "not an error" >&2
                        """
                                + GOOD,
                        Optional.empty(),
                        Duration.ofSeconds(20),
                        new TreeMap<>(Map.of("depth", "4", "eta", "0.1", "fast", "true")));

        assertThat(log().lines())
                .containsExactly(
                        scripts.toRealPath().toString(),
                        "_time,load,heat,_label",
                        "2026-01-01T00:00:00.000000Z,0.0,0.0,0",
                        "2026-01-01T00:00:00.000001Z,0.125,0.125,0",
                        "41",
                        "[\"load\",\"heat\"] {\"depth\":4,\"eta\":0.1,\"fast\":true} 7",
                        "not an error");
        assertThat(model.file()).isEqualTo(Files.readAllBytes(scripts.resolve("model.onnx")));
        assertThat(model.score()).hasToString("probabilities[1]");
        float[] scores = model.scores(rows("load", "heat"));
        assertThat(scores[0]).isLessThan(0.1f);
        assertThat(scores[39]).isGreaterThan(0.9f);
        assertThat(model.export()).contains(Map.of());
        assertThat(runs.getParent()).isEmptyDirectory();
    }

    @Test
    void aProgramKnowsNothingOfTheEnvironmentButWhatItIsToldItMay() {
        Fitted _ = fit("env\n" + GOOD);

        assertThat(log().lines().map(line -> line.replaceFirst("=.*", "")))
                .contains("LEAT_DATA", "LEAT_MODEL", "LEAT_SCORES", "TMPDIR", "PATH")
                .isSubsetOf(
                        "HOME",
                        "LANG",
                        "LC_ALL",
                        "LC_CTYPE",
                        "LD_LIBRARY_PATH",
                        "PATH",
                        "TZ",
                        "USER",
                        "LEAT_DATA",
                        "LEAT_FEATURES",
                        "LEAT_MODEL",
                        "LEAT_PARAMETERS",
                        "LEAT_SCORES",
                        "LEAT_SEED",
                        "PYTHONDONTWRITEBYTECODE",
                        "PYTHONHASHSEED",
                        "PYTHONUNBUFFERED",
                        "TMPDIR",
                        // What shells set.
                        "PWD",
                        "OLDPWD",
                        "SHLVL",
                        "_");
        assertThat(
                        new CommandEnvironment(
                                        Map.of("HOME", "/h", "KEY", "k", "PASSWORD", "p"),
                                        List.of("KEY", "ABSENT"))
                                .variables())
                .isEqualTo(Map.of("HOME", "/h", "KEY", "k"));
    }

    @Test
    void scoresOfTheProgramsOwnModelAreHeldAgainstThoseOfTheFile() {
        Fitted model = fit("seq 40 | sed s/.*/0.25/ > \"$LEAT_SCORES\"\n" + GOOD);

        Map<String, Double> export = model.export().orElseThrow();
        assertThat(export).containsEntry("export/rows", 40.0);
        float last = model.scores(rows("load", "heat"))[39];
        assertThat(export.get("export/largest_difference")).isEqualTo(last - 0.25, within(1e-6));

        assertThat(refused("echo 1 > \"$LEAT_SCORES\"\n" + GOOD))
                .hasMessageEndingWith("the file LEAT_SCORES has 1 lines for 40 rows");
        assertThat(refused("echo nan > \"$LEAT_SCORES\"\n" + GOOD))
                .hasMessageEndingWith(
                        "the file LEAT_SCORES has 'nan' in line 1, which is no number");
    }

    @Test
    void aProgramThatFailsSaysWhyAndWhereAllIsThatItSaid() throws IOException {
        TrainingRefused refused = refused("echo learning; echo 'ValueError: no rows' >&2; exit 3");

        assertThat(refused)
                .hasMessageEndingWith(" ended with exit code 3: ValueError: no rows")
                .hasMessageStartingWith("/bin/sh -c ");
        assertThat(refused.remedy()).isEqualTo("look at command-1.log of the run 5f1c");
        assertThat(log()).isEqualTo("learning\nValueError: no rows\n");
        assertThat(refused("kill -TERM $$"))
                .hasMessageEndingWith(" was ended by signal 15: it said" + " nothing");
        assertThat(runs.getParent()).isEmptyDirectory();
    }

    @Test
    void whatIsNoModelOfTheFeaturesIsRefused() {
        assertThat(refused("true")).hasMessageEndingWith(": the command wrote no model");
        assertThat(refused("true").remedy())
                .isEqualTo(
                        "write the model in ONNX to the path that the variable LEAT_MODEL has;"
                                + " what it said is in command-1.log of the run 5f1c");
        assertThat(refused("echo nonsense > \"$LEAT_MODEL\""))
                .hasMessageContaining("the command wrote no model that can be opened: ");
        assertThat(refused("cp wide.onnx \"$LEAT_MODEL\""))
                .hasMessageEndingWith(
                        "the command's model takes features FP32[?, 3], where it is given FP32[?,"
                                + " 2]: load, heat");
        assertThatThrownBy(() ->
                        fit(
                                GOOD,
                                Optional.of(OutputValue.parse("probabilities[2]")),
                                Duration.ofSeconds(20),
                                Map.of()))
                .hasMessageEndingWith(
                        "the command's model gives label INT64[?] and probabilities FP32[?, 2], of"
                                + " which probabilities[2] is to be the score");
    }

    @Test
    void aProgramThatTakesTooLongIsEndedWithAllThatItHasStarted() throws IOException {
        Path pids = folder.resolve("pids");

        TrainingRefused refused =
                Objects.requireNonNull(
                        catchThrowableOfType(
                                TrainingRefused.class,
                                () ->
                                        fit(
                                                "sleep 600 & echo $! > "
                                                        + pids
                                                        + "; echo $$ >> "
                                                        + pids
                                                        + "; echo begun; sleep 600",
                                                Optional.empty(),
                                                Duration.ofSeconds(1),
                                                Map.of())));

        assertThat(refused).hasMessageEndingWith(" took longer than 1s, and was ended: begun");
        assertThat(Files.readAllLines(pids))
                .hasSize(2)
                .allSatisfy(pid -> assertThat(CommandProcessTest.lives(pid)).isFalse());
        assertThat(log()).isEqualTo("begun\n");
    }

    @Test
    void whoNeverStopsTalkingIsListenedToWithinALimit() {
        TrainingRefused refused =
                Objects.requireNonNull(
                        catchThrowableOfType(
                                TrainingRefused.class,
                                () ->
                                        fit(
                                                "echo first; yes 'all work and no play'",
                                                Optional.empty(),
                                                Duration.ofSeconds(1),
                                                Map.of())));

        assertThat(refused).hasMessageContaining("took longer than 1s");
        assertThat(log())
                .startsWith("first\nall work")
                .contains(" bytes are left out]")
                .hasSizeLessThan(CommandOutput.HEAD_BYTES + CommandOutput.TAIL_BYTES + 100);
    }

    @Test
    void aProgramThatIsNotThereIsToldAsSuch() {
        TrainingCommand absent =
                new TrainingCommand(
                        List.of("no-such-program"),
                        Optional.empty(),
                        Duration.ofSeconds(1),
                        List.of(),
                        scripts,
                        "");
        TrainingCommand notIn =
                new TrainingCommand(
                        List.of("./train"),
                        Optional.empty(),
                        Duration.ofSeconds(1),
                        List.of(),
                        scripts,
                        "");

        assertThatThrownBy(() -> Programs.demand(absent))
                .hasMessage("there is no program no-such-program on the PATH of this process");
        assertThatThrownBy(() -> Programs.demand(notIn))
                .hasMessage("there is no program ./train in " + scripts);
    }

    @Test
    void foldersOfRunsThatAreOverAreRemoved() throws IOException {
        Path all = folder.resolve("trainings");
        for (String run : List.of("over", "running")) {
            Files.createDirectories(all.resolve(run).resolve("1"));
            Files.writeString(all.resolve(run).resolve("1").resolve("data.csv"), "private");
        }

        CommandRuns.sweep(all, "running"::equals);

        assertThat(all.toFile().list()).containsExactly("running");
    }
}
