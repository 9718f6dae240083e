package leat.launcher.cli;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import leat.core.config.DataSize;
import leat.core.config.DurationText;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.access.KeyFile;
import leat.stream.collector.access.KeyFileWriter;
import leat.stream.collector.access.KeyGrant;
import leat.stream.collector.access.KeySecret;
import leat.stream.collector.access.KeyToken;
import leat.stream.tls.TlsSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `leat keys create`: a new key, whose secret is printed once and stored nowhere.
@Command(
        name = "create",
        description =
                "Make a key and print it. It is shown this once: the workspace keeps its hash only.",
        mixinStandardHelpOptions = true)
final class KeysCreateCommand implements Runnable {

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private Output output = new Output();

    @Parameters(paramLabel = "NAME", description = "What logs and counts call it.")
    private String name = "";

    @Option(
            names = "--contract",
            paramLabel = "CONTRACT",
            split = ",",
            description =
                    "A contract it may bring events of in, NAME, NAME.vN or '*' for all; repeat it"
                            + " for more.")
    private List<String> contracts = new ArrayList<>();

    @Option(
            names = "--door",
            paramLabel = "DOOR",
            split = ",",
            description =
                    "A door it may use: http, grpc, mqtt, syslog or console, or browser alone, for"
                            + " pages; repeat it for more. Default: all but browser and console.")
    private List<DoorKind> doors = new ArrayList<>();

    @Option(
            names = "--events-per-second",
            paramLabel = "N",
            description = "The most events a second. Default: no limit.")
    private @Nullable Long eventsPerSecond;

    @Option(
            names = "--bytes-per-second",
            paramLabel = "SIZE",
            description = "The most payload bytes a second, e.g. 1MiB. Default: no limit.")
    private @Nullable String bytesPerSecond;

    @Option(
            names = "--expires-in",
            paramLabel = "DURATION",
            description = "When it ends, e.g. 90d. Default: never.")
    private @Nullable String expiresIn;

    @Option(
            names = "--certificate-subject",
            paramLabel = "SUBJECT",
            description =
                    "Make no secret: who shows a client certificate of this subject has the key."
                            + " The subject is its CN, or one of its URIs, e.g."
                            + " spiffe://plant/gateway.")
    private @Nullable String certificateSubject;

    /// A new key, for `--json`.
    ///
    /// @param key the secret; empty where a certificate stands for it
    record Created(String name, Optional<String> key, Optional<String> expires) {}

    @Override
    public void run() {
        Workspace opened = workspace.open();
        refuseUnknownContracts(opened);
        Optional<KeyToken> token =
                certificateSubject == null
                        ? Optional.of(KeyToken.make(new SecureRandom()))
                        : Optional.empty();
        Optional<Instant> expires = end(expiresIn);
        if (certificateSubject != null && expires.isPresent()) {
            throw new UserError("a certificate says itself when it ends", "leave --expires-in out");
        }
        KeyFileWriter.change(opened.keysFile(), keys -> added(keys, token, expires));
        print(output, new Created(name, token.map(KeyToken::text), expires.map(Instant::toString)));
        KeysCommand.remindOfMode(opened, output);
        if (certificateSubject != null
                && opened.config()
                        .collector()
                        .tls()
                        .flatMap(TlsSettings::clientAuthorities)
                        .isEmpty()) {
            output.err()
                    .println(
                            "leat: The collector asks nobody for a certificate yet: set"
                                    + " collector.tls.client-authorities in leat.yaml.");
        }
    }

    private KeyFile added(KeyFile keys, Optional<KeyToken> token, Optional<Instant> expires) {
        if (keys.keys().containsKey(name)) {
            throw new UserError(
                    "there is a key '" + name + "' already",
                    "choose another name, or give it a new secret with leat keys rotate " + name);
        }
        try {
            return keys.with(
                    name,
                    new KeyGrant(
                            token.map(made -> secret(made, expires)).stream().toList(),
                            Optional.ofNullable(certificateSubject),
                            contracts,
                            doors,
                            Optional.ofNullable(eventsPerSecond),
                            Optional.ofNullable(bytesPerSecond).map(DataSize::parse)));
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "the key cannot be made: " + e.getMessage(),
                    "correct the options; leat keys create --help explains them");
        }
    }

    private void refuseUnknownContracts(Workspace opened) {
        for (String contract : contracts) {
            if (!contract.equals("*")) {
                String plain = contract.replaceFirst("\\.v\\d+$", "");
                ContractChoice.require(opened.contracts(), plain);
            }
        }
    }

    static KeySecret secret(KeyToken token, Optional<Instant> expires) {
        return new KeySecret(token.id(), HexFormat.of().formatHex(token.hash()), expires);
    }

    /// @throws UserError when it is no duration
    static Optional<Instant> end(@Nullable String in) {
        if (in == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.now().plus(DurationText.parse(in)));
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "correct the option");
        }
    }

    /// The secret alone on standard output, so that it can go into a file.
    static void print(Output output, Created created) {
        if (output.json()) {
            output.printJson(created);
            return;
        }
        created.key()
                .ifPresentOrElse(
                        key -> {
                            output.println(key);
                            output.err()
                                    .println(
                                            "leat: This is the only time the key is shown. Keep it"
                                                    + " in a file: chmod 600 FILE.");
                        },
                        () -> output.println("Made the key '" + created.name() + "'."));
    }
}
