package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import leat.launcher.cli.LeatCommandLines;

/// Commands on a workspace, as a user types them in its folder. For many threads.
record WorkspaceCommands(Path folder) {

    /// Runs a command to its end.
    LeatCommandLines.Ended run(String... words) {
        List<String> command = new ArrayList<>(List.of(words));
        command.addAll(List.of("--workspace", folder.toString()));
        return LeatCommandLines.run(command.toArray(String[]::new));
    }

    /// What a command prints.
    String output(String... words) {
        return run(words).output();
    }

    /// What a command prints that has to succeed.
    String succeed(String... words) {
        LeatCommandLines.Ended ended = run(words);
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return ended.output();
    }

    /// Sends events, all of which have to be accepted.
    void send(Platform platform, String contract, List<String> events) throws IOException {
        Path file = Files.createTempFile(folder, contract, ".jsonl");
        Files.write(file, events);
        assertThat(
                        succeed(
                                "send",
                                contract,
                                file.toString(),
                                "--to",
                                platform.collector().toString()))
                .contains(String.format(Locale.ROOT, "%,d accepted", events.size()));
        Files.delete(file);
    }
}
