package leat.launcher.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import leat.core.contract.Contract;
import leat.core.protect.ProtectionKey;
import leat.core.protect.Protector;
import leat.launcher.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file with the key that a workspace's contracts hash protected fields with. It is only looked
/// for when one of them does.
public record ProtectKeyFile(Workspace workspace) {

    private static final Logger LOG = LoggerFactory.getLogger(ProtectKeyFile.class);
    private static final String SETTING = "enricher.protect-key-file";
    private static final String OWN_FILE = "protect.key";
    private static final Set<PosixFilePermission> TOO_MUCH =
            Set.of(
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE,
                    PosixFilePermission.GROUP_WRITE);

    /// The key; empty when no contract hashes. With the embedded broker, which has one workspace, a
    /// missing key is made; enrichers of a cluster must share one that somebody keeps.
    ///
    /// @throws UserError when there is none, or it is readable by anybody, or no key
    public Optional<ProtectionKey> key() {
        List<String> hashing =
                workspace.contracts().all().stream()
                        .filter(Protector::hashes)
                        .map(Contract::nameAndMajor)
                        .toList();
        if (hashing.isEmpty()) {
            return Optional.empty();
        }
        Path file =
                workspace
                        .config()
                        .enricher()
                        .protectKeyFile()
                        .map(workspace.folder()::resolve)
                        .orElseGet(() -> own(hashing));
        return Optional.of(read(file, hashing));
    }

    private Path own(List<String> hashing) {
        if (workspace.config().log().bootstrapServers().isPresent()) {
            throw new UserError(
                    needed(hashing) + ", and leat.yaml does not set " + SETTING,
                    "make a key with openssl rand -hex 32 > FILE and chmod 600 FILE, keep a copy"
                            + " in a safe place, and set "
                            + SETTING
                            + " to FILE; all enrichers need the same");
        }
        Path file = workspace.stateFolder().resolve(OWN_FILE);
        if (!Files.exists(file)) {
            make(file);
        }
        return file;
    }

    private static String needed(List<String> hashing) {
        return "the enricher needs a key: " + String.join(" and ", hashing) + " hashes fields";
    }

    /// Of two processes that make the file at once, one wins and both read its key.
    private static void make(Path file) {
        byte[] secret = new byte[ProtectionKey.MIN_BYTES];
        new SecureRandom().nextBytes(secret);
        try {
            Path whole = Files.createTempFile(file.toAbsolutePath().getParent(), OWN_FILE, ".new");
            try {
                restrict(whole);
                Files.writeString(whole, HexFormat.of().formatHex(secret) + "\n");
                Files.createLink(file, whole);
                LOG.atInfo().addKeyValue("file", file).log("Made a key to hash with");
            } catch (FileAlreadyExistsException _) {
                // the other's is read
            } finally {
                Files.delete(whole);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the key file " + file, e);
        }
    }

    private static void restrict(Path file) throws IOException {
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private static ProtectionKey read(Path file, List<String> hashing) {
        if (!Files.isRegularFile(file)) {
            throw new UserError(
                    needed(hashing) + ", and the file " + file + " (" + SETTING + ") is not there",
                    "put back the key that earlier hashes were made with, or make a new one with"
                            + " openssl rand -hex 32, which changes all later hashes");
        }
        try {
            if (Files.getFileStore(file).supportsFileAttributeView("posix")
                    && Files.getPosixFilePermissions(file).stream().anyMatch(TOO_MUCH::contains)) {
                throw new UserError(
                        "the key file " + file + " can be read or changed by others",
                        "chmod 600 " + file);
            }
            return ProtectionKey.parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "the key file " + file + " " + e.getMessage(),
                    "write a key into it, e.g. with openssl rand -hex 32");
        } catch (IOException e) {
            throw new UserError(
                    "the key file " + file + " cannot be read: " + e.getMessage(),
                    "let this user read it");
        }
    }
}
