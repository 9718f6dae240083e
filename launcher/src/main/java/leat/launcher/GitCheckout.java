package leat.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A folder that is checked out from a Git repository, or a part of one, as the program `git` sees
/// it.
///
/// @param folder in which it is asked
public record GitCheckout(Path folder) {

    /// What forges name as the commit before the first one.
    private static final String NONE = "0+";

    private static final int SHOWN_FILES = 5;

    /// What became of a call.
    private record Answer(int exitCode, String output, String errors) {
        boolean isYes() {
            return exitCode == 0;
        }
    }

    /// The id of the commit that is checked out.
    ///
    /// @throws UserError when there is no Git, or the folder is in no repository, or in one without
    ///   a commit
    public String commit() {
        Answer answer = git("rev-parse", "--verify", "HEAD^{commit}");
        if (!answer.isYes()) {
            throw new UserError(
                    folder
                            + " is not checked out from a Git repository: "
                            + firstLine(answer.errors()),
                    "clone the repository, and name the workspace in it; in a hook of Git, unset"
                            + " GIT_DIR first");
        }
        return answer.output().strip();
    }

    /// Whether a forge names no commit by it.
    public static boolean isNone(String commit) {
        return commit.isEmpty() || commit.matches(NONE);
    }

    /// The whole id of a commit.
    ///
    /// @throws UserError when the repository does not have it
    public String resolve(String commit) {
        Answer answer =
                commit.startsWith("-")
                        ? new Answer(1, "", "")
                        : git("rev-parse", "--verify", "--quiet", commit + "^{commit}");
        if (!answer.isYes()) {
            throw new UserError(
                    "the repository has no commit " + commit,
                    "correct it, or fetch the whole history, e.g. by git fetch --unshallow");
        }
        return answer.output().strip();
    }

    /// Whether the repository has a commit.
    ///
    /// @param commit a whole id
    public boolean has(String commit) {
        return commit.matches("[0-9a-f]{40,64}")
                && git("cat-file", "-e", commit + "^{commit}").isYes();
    }

    /// Whether a commit has another one behind it. Of one it does not.
    ///
    /// @param later a commit that the repository has, as is the other
    public boolean isBehind(String earlier, String later) {
        return !earlier.equals(later) && git("merge-base", "--is-ancestor", earlier, later).isYes();
    }

    /// The files below the folder that differ between a commit and the one checked out, relative to
    /// the folder.
    ///
    /// @param commit that the repository has
    public Set<Path> changedSince(String commit) {
        return files(
                demanded(
                        "diff",
                        "--name-only",
                        "--no-renames",
                        "--relative",
                        "-z",
                        commit,
                        "HEAD",
                        "--",
                        "."),
                0);
    }

    /// Says no where files differ from those of the commit that is checked out: what is made of
    /// them would not be what the commit says.
    ///
    /// @param below folders and files, relative to the folder
    /// @throws UserError with the first of them
    public void refuseUncommitted(List<String> below) {
        List<String> call =
                new ArrayList<>(
                        List.of("status", "--porcelain", "-z", "--no-renames", "-uall", "--"));
        call.addAll(below);
        Set<Path> files = files(demanded(call.toArray(String[]::new)), 3);
        if (!files.isEmpty()) {
            String shown =
                    String.join(
                            ", ", files.stream().limit(SHOWN_FILES).map(Path::toString).toList());
            throw new UserError(
                    shown
                            + (files.size() > SHOWN_FILES ? " and others" : "")
                            + (files.size() > 1 ? " differ" : " differs")
                            + " from the commit that is checked out",
                    "commit it, or train by hand with: leat train NAME");
        }
    }

    /// @param before how many signs stand before each name
    private static Set<Path> files(String list, int before) {
        Set<Path> files = new TreeSet<>();
        for (String entry : list.split("\0", -1)) {
            if (entry.length() > before) {
                files.add(Path.of(entry.substring(before)));
            }
        }
        return files;
    }

    private String demanded(String... words) {
        Answer answer = git(words);
        if (!answer.isYes()) {
            throw new UserError(
                    "git " + words[0] + " failed in " + folder + ": " + firstLine(answer.errors()),
                    "see that it works there by hand");
        }
        return answer.output();
    }

    private Answer git(String... words) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("LC_ALL", "C");
        Process process;
        try {
            process = builder.start();
        } catch (IOException _) {
            throw new UserError(
                    "there is no program git on this machine",
                    "install Git, or train by hand with: leat train NAME");
        }
        try {
            process.getOutputStream().close();
            FutureTask<String> errors = new FutureTask<>(() -> text(process.getErrorStream()));
            Thread.ofVirtual().start(errors);
            String output = text(process.getInputStream());
            return new Answer(process.waitFor(), output, errors.get());
        } catch (IOException | ExecutionException e) {
            throw new IllegalStateException("cannot read what git says", e);
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while git works", e);
        }
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), UTF_8);
    }

    private static String firstLine(String text) {
        return text.strip().lines().findFirst().orElse("it says nothing");
    }
}
