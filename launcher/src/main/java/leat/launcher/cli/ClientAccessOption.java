package leat.launcher.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import leat.launcher.UserError;
import leat.stream.send.ClientAccess;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a command shows to the platform's servers. A key is never an argument: those stand in the
/// list of processes and in the shell's history.
public final class ClientAccessOption {

    private static final String VARIABLE = "LEAT_KEY";

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description =
                    "A file with the API key to show. Default: the environment's LEAT_KEY, if set.")
    private @Nullable Path keyFile;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description =
                    "Certificates (PEM) to trust when the server speaks TLS. Default: those of the"
                            + " JDK.")
    private @Nullable Path caFile;

    /// @throws UserError when a file cannot be used
    ClientAccess access() {
        ClientAccess access = new ClientAccess(key(), Optional.empty());
        if (caFile == null) {
            return access;
        }
        try {
            return access.trusting(caFile);
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()), "name a file of certificates in PEM form");
        }
    }

    private Optional<String> key() {
        if (keyFile == null) {
            return Optional.ofNullable(System.getenv(VARIABLE))
                    .map(String::strip)
                    .filter(key -> !key.isEmpty());
        }
        try {
            String key = Files.readString(keyFile).strip();
            if (key.isEmpty() || !key.chars().allMatch(letter -> letter > ' ' && letter < 127)) {
                throw new UserError(
                        "the file " + keyFile + " holds no key",
                        "write the key that leat keys create has printed into it, and nothing"
                                + " else");
            }
            return Optional.of(key);
        } catch (IOException e) {
            throw new UserError(
                    "the key file " + keyFile + " cannot be read: " + e.getMessage(),
                    "correct --key-file, or let this user read it");
        }
    }
}
