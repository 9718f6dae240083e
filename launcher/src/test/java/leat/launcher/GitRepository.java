package leat.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A Git repository of a test, worked on as by hand, with no settings of the machine.
///
/// @param environment of all that is run in it, hooks too
record GitRepository(Path folder, Map<String, String> environment) {

    GitRepository {
        environment = Map.copyOf(environment);
    }

    /// A new one with the branch main.
    static GitRepository fresh(Path folder, Map<String, String> environment)
            throws IOException, InterruptedException {
        GitRepository made = new GitRepository(Files.createDirectories(folder), environment);
        String _ = made.git("init", "--quiet", "--initial-branch=main");
        return made;
    }

    /// Commits a file with a text.
    ///
    /// @return the commit's id
    String commit(String file, String text) throws IOException, InterruptedException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        String _ = git("add", "--all");
        String _ = git("commit", "--quiet", "--message", "Change " + file);
        return git("rev-parse", "HEAD").strip();
    }

    /// Runs git.
    ///
    /// @return both of its outputs
    String git(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        Map<String, String> variables = new TreeMap<>(environment);
        for (String role : List.of("AUTHOR", "COMMITTER")) {
            variables.put("GIT_" + role + "_NAME", "test");
            variables.put("GIT_" + role + "_EMAIL", "test@example.org");
        }
        variables.put("GIT_CONFIG_GLOBAL", "/dev/null");
        variables.put("GIT_CONFIG_SYSTEM", "/dev/null");
        builder.environment().putAll(variables);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
