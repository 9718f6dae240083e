package leat.launcher.cli;

import java.util.ArrayList;
import java.util.List;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;
import leat.stream.collector.access.KeyFile;
import leat.stream.collector.access.KeyFileWriter;
import leat.stream.collector.access.KeyGrant;
import leat.stream.collector.access.KeySecret;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `leat keys revoke`: a key, or one of its secrets, is good no longer.
@Command(
        name = "revoke",
        description =
                "End a key now, for clients that are connected too, or one of its secrets only.",
        mixinStandardHelpOptions = true)
final class KeysRevokeCommand implements Runnable {

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private Output output = new Output();

    @Parameters(paramLabel = "NAME", description = "The key.")
    private String name = "";

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "Only the secret of this id, as leat keys list shows it.")
    private @Nullable String id;

    /// What was ended, for `--json`.
    record Revoked(String name, List<String> ids) {}

    @Override
    public void run() {
        Workspace opened = workspace.open();
        List<String> ended = new ArrayList<>();
        KeyFile left = KeyFileWriter.change(opened.keysFile(), keys -> without(keys, ended));
        boolean whole = !left.keys().containsKey(name);
        if (output.json()) {
            output.printJson(new Revoked(name, ended));
        } else {
            output.println(
                    whole
                            ? "The key '" + name + "' is revoked."
                            : "The secret " + id + " of '" + name + "' is revoked.");
        }
    }

    /// @param ended is given the ids of the secrets that end
    private KeyFile without(KeyFile keys, List<String> ended) {
        KeyGrant grant = KeysCommand.require(keys, name);
        List<KeySecret> kept = new ArrayList<>();
        for (KeySecret secret : grant.secrets()) {
            if (id == null || secret.id().equals(id)) {
                ended.add(secret.id());
            } else {
                kept.add(secret);
            }
        }
        if (id != null && ended.isEmpty()) {
            throw new UserError(
                    "the key '" + name + "' has no secret with the id " + id,
                    "leat keys list shows the ids");
        }
        boolean whole = kept.isEmpty() && (id == null || grant.certificateSubject().isEmpty());
        return whole ? keys.without(name) : keys.with(name, grant.withSecrets(kept));
    }
}
