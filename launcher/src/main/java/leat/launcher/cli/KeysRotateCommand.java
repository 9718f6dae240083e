package leat.launcher.cli;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.core.config.DurationText;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;
import leat.stream.collector.access.KeyFileWriter;
import leat.stream.collector.access.KeyGrant;
import leat.stream.collector.access.KeySecret;
import leat.stream.collector.access.KeyToken;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `leat keys rotate`: a new secret beside the old one, which ends a while later.
@Command(
        name = "rotate",
        description =
                "Give a key a new secret and print it; the old one stays good for a while, so that"
                        + " clients can change over.",
        mixinStandardHelpOptions = true)
final class KeysRotateCommand implements Runnable {

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private Output output = new Output();

    @Parameters(paramLabel = "NAME", description = "The key.")
    private String name = "";

    @Option(
            names = "--old-ends-in",
            paramLabel = "DURATION",
            defaultValue = "1d",
            description =
                    "How long the old secret stays good, 0s for not at all. Default:"
                            + " ${DEFAULT-VALUE}.")
    private String oldEndsIn = "1d";

    @Option(
            names = "--expires-in",
            paramLabel = "DURATION",
            description = "When the new secret ends, e.g. 90d. Default: never.")
    private @Nullable String expiresIn;

    @Override
    public void run() {
        Workspace opened = workspace.open();
        KeyToken token = KeyToken.make(new SecureRandom());
        Optional<Instant> expires = KeysCreateCommand.end(expiresIn);
        KeyFileWriter.change(
                opened.keysFile(),
                keys ->
                        keys.with(
                                name,
                                rotated(
                                        KeysCommand.require(keys, name),
                                        KeysCreateCommand.secret(token, expires))));
        KeysCreateCommand.print(
                output,
                new KeysCreateCommand.Created(
                        name, Optional.of(token.text()), expires.map(Instant::toString)));
    }

    private KeyGrant rotated(KeyGrant grant, KeySecret renewed) {
        if (grant.secrets().isEmpty()) {
            throw new UserError(
                    "the key '" + name + "' has no secret, a certificate stands for it",
                    "renew the certificate under the same subject");
        }
        List<KeySecret> secrets = new ArrayList<>(List.of(renewed));
        secrets.addAll(ending(grant.secrets()));
        return grant.withSecrets(secrets);
    }

    /// What is left of the old secrets: those that have not ended, none of them for longer.
    private List<KeySecret> ending(List<KeySecret> old) {
        Duration grace;
        try {
            grace = DurationText.parse(oldEndsIn);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "correct --old-ends-in");
        }
        Instant now = Instant.now();
        Instant end = now.plus(grace);
        return old.stream()
                .map(secret ->
                        new KeySecret(
                                secret.id(),
                                secret.hash(),
                                Optional.of(secret.expires().filter(end::isAfter).orElse(end))))
                .filter(secret -> secret.expires().orElseThrow().isAfter(now))
                .toList();
    }
}
