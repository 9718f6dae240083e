package leat.ml.training.command;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import leat.core.training.TrainingCommand;
import leat.ml.training.algorithm.TrainingRefused;

/// Where the programs of commands are.
public final class Programs {

    private Programs() {}

    /// Checks that a command's program is on this machine.
    ///
    /// @throws TrainingRefused when it is not
    public static void demand(TrainingCommand command) {
        List<String> _ = words(command);
    }

    /// The words as they are started: a program that is named by a path is one from the model's
    /// folder on.
    ///
    /// @throws TrainingRefused when it is not on this machine
    static List<String> words(TrainingCommand command) {
        List<String> words = new ArrayList<>(command.words());
        words.set(0, find(command).orElseThrow(() -> absent(command)).toString());
        return words;
    }

    private static TrainingRefused absent(TrainingCommand command) {
        String word = command.words().getFirst();
        return new TrainingRefused(
                "there is no program "
                        + word
                        + (isPath(word)
                                ? " in " + command.folder()
                                : " on the PATH of this process"),
                isPath(word)
                        ? "correct algorithm.run"
                        : "install it, or start leat with a PATH that has it");
    }

    private static boolean isPath(String word) {
        return word.indexOf('/') >= 0;
    }

    private static Optional<Path> find(TrainingCommand command) {
        String word = command.words().getFirst();
        if (isPath(word)) {
            return Optional.of(command.folder().toAbsolutePath().resolve(word))
                    .filter(Programs::isProgram);
        }
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(path)
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder).toAbsolutePath().resolve(word))
                .filter(Programs::isProgram)
                .findFirst();
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
