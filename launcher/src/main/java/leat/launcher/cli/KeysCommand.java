package leat.launcher.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import leat.core.config.DataSize;
import leat.core.yaml.NearestName;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.access.KeyFile;
import leat.stream.collector.access.KeyGrant;
import leat.stream.collector.access.KeySecret;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `leat keys`: who may come in.
@Command(
        name = "keys",
        description =
                "Make, list, rotate and revoke API keys. Running collectors follow the file within a"
                        + " second.",
        mixinStandardHelpOptions = true,
        subcommands = {
            KeysCreateCommand.class,
            KeysCommand.ListCommand.class,
            KeysRotateCommand.class,
            KeysRevokeCommand.class,
            KeysCommand.ShowLimitsCommand.class
        })
final class KeysCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Name a command: create, list, rotate, revoke or show-limits.");
    }

    /// A key without what it is known by, for `--json`.
    record Shown(
            String name,
            List<ShownSecret> secrets,
            Optional<String> certificateSubject,
            List<String> contracts,
            List<String> doors,
            Optional<Long> eventsPerSecond,
            Optional<Long> bytesPerSecond) {

        static Shown of(String name, KeyGrant grant) {
            return new Shown(
                    name,
                    grant.secrets().stream().map(ShownSecret::of).toList(),
                    grant.certificateSubject(),
                    grant.contracts(),
                    grant.doors().stream().map(DoorKind::word).toList(),
                    grant.eventsPerSecond(),
                    grant.bytesPerSecond().map(DataSize::bytes));
        }
    }

    /// One secret's id and end, for `--json`.
    record ShownSecret(String id, Optional<String> expires) {
        static ShownSecret of(KeySecret secret) {
            return new ShownSecret(secret.id(), secret.expires().map(Instant::toString));
        }
    }

    /// The keys of a workspace; none where there is no file yet.
    static KeyFile read(Workspace workspace) {
        Path file = workspace.keysFile();
        return Files.exists(file) ? KeyFile.read(file).orThrow() : KeyFile.EMPTY;
    }

    /// @throws UserError when there is no such key
    static KeyGrant require(KeyFile keys, String name) {
        KeyGrant grant = keys.keys().get(name);
        if (grant == null) {
            throw new UserError(
                    "there is no key '" + name + "'",
                    keys.keys().isEmpty()
                            ? "make it with leat keys create"
                            : NearestName.remedy(name, keys.keys().keySet()));
        }
        return grant;
    }

    /// What becomes of a change where nobody is asked for keys yet.
    static void remindOfMode(Workspace workspace, Output output) {
        if (!workspace.config().collector().access().asksForKeys()) {
            output.err()
                    .println(
                            "leat: The collector asks nobody for keys yet: set"
                                    + " collector.access.mode: keys in leat.yaml.");
        }
    }

    /// `leat keys list`: names and scopes, nothing secret.
    @Command(
            name = "list",
            description = "List the keys, what they are for, and when they end.",
            mixinStandardHelpOptions = true)
    static final class ListCommand implements Runnable {

        @Mixin private WorkspaceOption workspace = new WorkspaceOption();
        @Mixin private Output output = new Output();

        @Override
        public void run() {
            KeyFile keys = read(workspace.open());
            if (output.json()) {
                output.printJson(
                        keys.keys().entrySet().stream()
                                .map(key -> Shown.of(key.getKey(), key.getValue()))
                                .toList());
                return;
            }
            if (keys.keys().isEmpty()) {
                output.println("No keys. A first one: leat keys create NAME --contract CONTRACT");
                return;
            }
            TextTable table = new TextTable("KEY", "IDS", "CONTRACTS", "DOORS", "EXPIRES");
            keys.keys()
                    .forEach((name, grant) ->
                            table.row(
                                    name,
                                    ids(grant),
                                    words(grant.contracts()),
                                    grant.doors().isEmpty()
                                            ? "all"
                                            : words(
                                                    grant.doors().stream()
                                                            .map(DoorKind::word)
                                                            .toList()),
                                    expiry(grant)));
            output.print(table);
        }

        private static String ids(KeyGrant grant) {
            return grant.certificateSubject()
                    .orElseGet(() -> words(grant.secrets().stream().map(KeySecret::id).toList()));
        }

        private static String expiry(KeyGrant grant) {
            return words(
                    grant.secrets().stream()
                            .map(secret -> secret.expires().map(Instant::toString).orElse("never"))
                            .toList());
        }
    }

    private static String words(Collection<String> words) {
        return String.join(" ", words);
    }

    /// `leat keys show-limits`: what a key may send.
    @Command(
            name = "show-limits",
            description = "Show what a key may send in a second, to each collector process.",
            mixinStandardHelpOptions = true)
    static final class ShowLimitsCommand implements Runnable {

        @Mixin private WorkspaceOption workspace = new WorkspaceOption();
        @Mixin private Output output = new Output();

        @Parameters(paramLabel = "NAME", description = "The key.")
        private String name = "";

        @Override
        public void run() {
            KeyGrant grant = require(read(workspace.open()), name);
            if (output.json()) {
                output.printJson(Shown.of(name, grant));
                return;
            }
            output.println(
                    "events a second  "
                            + grant.eventsPerSecond().map(String::valueOf).orElse("no limit"));
            output.println(
                    "bytes a second   "
                            + grant.bytesPerSecond().map(String::valueOf).orElse("no limit"));
            output.println("Each collector process counts for itself.");
        }
    }
}
