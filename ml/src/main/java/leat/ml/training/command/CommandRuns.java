package leat.ml.training.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import leat.core.config.DurationText;
import leat.core.file.Folders;
import leat.core.scoring.OutputValue;
import leat.core.training.TrainingCommand;
import leat.ml.training.algorithm.Fitted;
import leat.ml.training.algorithm.Rows;
import leat.ml.training.algorithm.TrainingRefused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The programs of one run of a training, one after the other. Each has a folder of its own for
/// what it is given and what it writes, which nobody else may read, and which is gone when it has
/// ended. What it has said is kept with the run, however it ended. Not for several threads.
public final class CommandRuns {

    private static final Logger LOG = LoggerFactory.getLogger(CommandRuns.class);

    private final Path folder;
    private final Logs logs;
    private final LongConsumer seconds;
    private int started;

    /// Keeps what programs have written.
    @FunctionalInterface
    public interface Logs {

        /// Keeps a file with the run.
        ///
        /// @return where it is, as people are told: `command-1.log of the run 5f1c`
        String keep(String file, byte[] content);
    }

    /// For one run.
    ///
    /// @param folder of the run, on this machine; it is made when it is needed
    /// @param seconds is told each second for how long a program has been running; what it throws
    ///   ends the program
    public CommandRuns(Path folder, Logs logs, LongConsumer seconds) {
        this.folder = folder.toAbsolutePath();
        this.logs = logs;
        this.seconds = seconds;
    }

    /// Deletes the folders of runs that are over, which processes that were killed have left.
    ///
    /// @param folders in which each run has one by its id
    public static void sweep(Path folders, Predicate<String> isRunning) {
        if (!Files.isDirectory(folders)) {
            return;
        }
        try (Stream<Path> all = Files.list(folders)) {
            all.filter(one -> !isRunning.test(one.getFileName().toString()))
                    .forEach(CommandRuns::delete);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the folder " + folders, e);
        }
    }

    /// Has a program learn.
    ///
    /// @throws TrainingRefused when it cannot be started, does not end well or in time, or writes
    ///   no model that takes the features and gives the score
    Fitted run(
            TrainingCommand command,
            Map<String, String> parameters,
            OutputValue score,
            Rows rows,
            long seed) {
        started++;
        Path own = folder.resolve(Integer.toString(started));
        try {
            make(own);
            return run(command, parameters, score, rows, seed, own);
        } catch (IOException e) {
            throw new UncheckedIOException("a command cannot be run in the folder " + own, e);
        } finally {
            delete(folder);
        }
    }

    private Fitted run(
            TrainingCommand command,
            Map<String, String> parameters,
            OutputValue score,
            Rows rows,
            long seed,
            Path own)
            throws IOException {
        List<String> words = Programs.words(command);
        Path data = own.resolve("data.csv");
        Path model = own.resolve("model.onnx");
        Path scores = own.resolve("scores.txt");
        RowsFile.write(rows, data);
        CommandEnvironment environment =
                new CommandEnvironment(System.getenv(), command.environment())
                        .in(data, model, scores, Files.createDirectory(own.resolve("tmp")))
                        .with(rows.features(), parameters, seed);
        CommandOutput output = new CommandOutput();
        CommandProcess process =
                new CommandProcess(
                        words, command.folder().toAbsolutePath(), environment.variables());
        CommandProcess.Ended ended;
        try {
            ended = process.run(command.timeout(), output, seconds);
        } catch (RuntimeException e) {
            try {
                String _ = keep(output);
            } catch (RuntimeException lost) {
                e.addSuppressed(lost);
            }
            throw e;
        }
        String log = keep(output);
        String said = output.lastLine().isEmpty() ? "it said nothing" : output.lastLine();
        if (!ended.inTime()) {
            throw new TrainingRefused(
                    command.line()
                            + " took longer than "
                            + DurationText.of(command.timeout())
                            + ", and was ended: "
                            + said,
                    "look at " + log + ", or raise algorithm.timeout");
        }
        if (ended.exitCode() != 0) {
            throw new TrainingRefused(
                    command.line() + " " + failure(ended.exitCode()) + ": " + said,
                    "look at " + log);
        }
        try {
            return WrittenModel.read(model, score, rows, scores);
        } catch (TrainingRefused e) {
            throw new TrainingRefused(
                    command.line() + ": " + e.getMessage(),
                    e.remedy() + "; what it said is in " + log);
        }
    }

    private String keep(CommandOutput output) {
        return logs.keep("command-" + started + ".log", output.bytes());
    }

    private static String failure(int exitCode) {
        return exitCode > 128
                ? "was ended by signal " + (exitCode - 128)
                : "ended with exit code " + exitCode;
    }

    private static void make(Path folder) throws IOException {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        Files.createDirectories(folder.getParent());
        if (posix) {
            Files.createDirectory(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectory(folder);
        }
    }

    /// What cannot be removed is left to the next sweep.
    private static void delete(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue("folder", folder)
                    .log("A folder with rows of the log is left behind");
        }
    }
}
