package leat.core.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import leat.core.prediction.ScoringReader;
import leat.core.scoring.OutputValue;
import leat.core.yaml.Checked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandReaderTest {

    private static final String BY_COMMAND =
            """
            training:
              model: m
              algorithm:
                name: command
                run: [python3, train.py, --fast]
                score: risk[2]
                timeout: 90s
                environment: [MLFLOW_TRACKING_URI, CUDA_VISIBLE_DEVICES]
                parameters: {rounds: 50}
                sweep: {max-depth: [4, 6]}
              data: {view: state, features: [load], label: {field: broken}}
            """;

    @TempDir private Path folder;

    private Checked<Training> read(String text) {
        return TrainingReader.read(
                folder.resolve("failure.yaml"),
                text,
                ScoringReader.Known.sound(Trainings.contracts(), Trainings.views(), List.of()));
    }

    @Test
    void aCommandIsReadWithTheFolderOfItsModel() throws IOException {
        Path scripts = Files.createDirectory(folder.resolve("failure"));

        Training training = read(BY_COMMAND).orThrow();

        assertThat(training.folder()).contains(scripts);
        assertThat(training.algorithm().candidates()).hasSize(2);
        TrainingCommand command = training.algorithm().command().orElseThrow();
        assertThat(command.words()).containsExactly("python3", "train.py", "--fast");
        assertThat(command.score()).contains(new OutputValue("risk", 2));
        assertThat(command.timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(command.environment())
                .containsExactly("MLFLOW_TRACKING_URI", "CUDA_VISIBLE_DEVICES");
        assertThat(read(BY_COMMAND.replace("timeout: 90s", "")).orThrow().algorithm().command())
                .map(TrainingCommand::timeout)
                .contains(Duration.ofHours(1));
    }

    @Test
    void anotherScriptIsAnotherDefinitionAndWhatPythonLeavesBehindIsNone() throws IOException {
        Path scripts = Files.createDirectory(folder.resolve("failure"));
        Files.writeString(scripts.resolve("train.py"), "print(1)");
        String before = read(BY_COMMAND).orThrow().fingerprint();

        Files.createDirectories(scripts.resolve("__pycache__"));
        Files.writeString(scripts.resolve("__pycache__").resolve("train.pyc"), "compiled");
        Files.writeString(scripts.resolve(".hidden"), "mine");
        String withRests = read(BY_COMMAND).orThrow().fingerprint();
        Files.writeString(scripts.resolve("train.py"), "print(2)");
        String changed = read(BY_COMMAND).orThrow().fingerprint();
        Files.move(scripts.resolve("train.py"), scripts.resolve("learn.py"));
        String renamed = read(BY_COMMAND).orThrow().fingerprint();

        assertThat(withRests).isEqualTo(before);
        assertThat(changed).isNotEqualTo(before);
        assertThat(renamed).isNotEqualTo(changed);
    }

    @Test
    void aFolderMayStandThereByALink() throws IOException {
        Path scripts = Files.createDirectory(folder.resolve("elsewhere"));
        Files.createSymbolicLink(folder.resolve("failure"), scripts);
        Files.writeString(scripts.resolve("train.py"), "print(1)");
        String before = read(BY_COMMAND).orThrow().fingerprint();

        Files.writeString(scripts.resolve("train.py"), "print(2)");

        assertThat(read(BY_COMMAND).orThrow().fingerprint()).isNotEqualTo(before);
    }

    @Test
    void whatIsWrongWithACommandIsTold() throws IOException {
        Files.createDirectory(folder.resolve("failure"));

        assertThat(algorithmProblems("command"))
                .containsExactly(
                        "training.algorithm: says no program. Write {name: command, run: [python3,"
                                + " train.py]}.");
        assertThat(algorithmProblems("{name: command, run: []}"))
                .containsExactly(
                        "training.algorithm.run: names no program. Write e.g. run: [python3,"
                                + " train.py].");
        assertThat(
                        algorithmProblems(
                                "{name: command, timeout: 8d, score: ' ', parameters: {a b: 1},"
                                        + " environment: [A=1, LEAT_SEED]}"))
                .containsExactlyInAnyOrder(
                        "training.algorithm.run: is missing. Write the program and its arguments,"
                                + " e.g. run: [python3, train.py].",
                        "training.algorithm.timeout: is 8d. Write from 1s to 7d.",
                        "training.algorithm.score: an output has no name.",
                        "training.algorithm.parameters: 'a b' is no name of a parameter. Use"
                                + " letters, digits, '-', '_' and '.', a letter first, at most"
                                + " 100.",
                        "training.algorithm.environment: 'A=1' is no name of a variable. List names"
                                + " alone, e.g. MLFLOW_TRACKING_URI; values come from the"
                                + " environment of leat.",
                        "training.algorithm.environment: 'LEAT_SEED' is not for a command. Leave it"
                                + " out.");
        assertThat(algorithmProblems("{name: command, run: python3 train.py}"))
                .containsExactly(
                        "training.algorithm.run: is one word with spaces in it. Write a list, e.g."
                                + " run: [python3, train.py].");
        assertThat(algorithmProblems("{name: logistic, timeout: 1h}"))
                .containsExactly(
                        "training.algorithm.timeout: is of the algorithm command. Leave it out, or"
                                + " write name: command.");
    }

    @Test
    void aCommandNeedsAFolderOfALimitedSize() throws IOException {
        Path scripts = folder.resolve("failure");
        List<String> absent = algorithmProblems("{name: command, run: [python3, train.py]}");
        Files.createDirectory(scripts);
        try (RandomAccessFile large =
                new RandomAccessFile(scripts.resolve("data.csv").toFile(), "rw")) {
            large.setLength((64L << 20) + 1);
        }
        List<String> full = algorithmProblems("{name: command, run: [python3, train.py]}");

        assertThat(absent)
                .containsExactly(
                        "training.algorithm.run: is started in the folder "
                                + scripts
                                + ", which is not there. Make it, and put the program's files"
                                + " there.");
        assertThat(full)
                .containsExactly(
                        "training.algorithm.run: is started in the folder "
                                + scripts
                                + ", which has more than 1000 files or 64 MiB. Keep there what the"
                                + " program is made of, and data elsewhere.");
    }

    private List<String> algorithmProblems(String algorithm) {
        return read(
                        """
                        training:
                          model: m
                          algorithm: %s
                          data: {view: state, features: [load]}
                        """
                                .formatted(algorithm))
                .faults()
                .stream()
                .map(problem -> problem.toString().replaceFirst("^.*failure.yaml:\\d+: ", ""))
                .toList();
    }
}
