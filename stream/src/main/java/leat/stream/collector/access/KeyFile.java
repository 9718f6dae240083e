package leat.stream.collector.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import leat.core.config.Setting;
import leat.core.config.SettingsReader;
import leat.core.yaml.Checked;
import leat.core.yaml.Location;
import leat.core.yaml.Problem;

/// `keys.yaml`: the keys by their names. It holds no secret, only what tells whether a client has
/// one.
public record KeyFile(
        @Setting(description = "The format of this file", defaultValue = "1") int format,
        @Setting(description = "The keys by name") Map<String, KeyGrant> keys) {

    public static final KeyFile EMPTY = new KeyFile(1, Map.of());

    private static final int NEWEST_FORMAT = 1;
    private static final int MAX_KEYS = 10_000;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,79}");

    /// Checks what no key knows of the others.
    ///
    /// @throws IllegalArgumentException when two keys have the same id or subject
    public KeyFile {
        keys = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(keys));
        if (format != NEWEST_FORMAT) {
            throw new IllegalArgumentException(
                    "format is " + format + ", this program knows " + NEWEST_FORMAT);
        }
        if (keys.size() > MAX_KEYS) {
            throw new IllegalArgumentException("keys must be at most " + MAX_KEYS);
        }
        Set<String> seen = new HashSet<>();
        keys.forEach((name, grant) -> {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "keys must have names of lower case letters, digits, '.', '_' and '-', not"
                                + " '"
                                + name
                                + "'");
            }
            grant.secrets().forEach(secret -> once(seen, "id " + secret.id(), name));
            grant.certificateSubject()
                    .ifPresent(subject -> once(seen, "certificate-subject " + subject, name));
        });
    }

    private static void once(Set<String> seen, String what, String name) {
        if (!seen.add(what)) {
            throw new IllegalArgumentException(
                    "keys must differ: the " + what + " of '" + name + "' stands twice");
        }
    }

    /// Reads a file. One that anybody may write is refused: whoever can would let himself in.
    public static Checked<KeyFile> read(Path file) {
        return isWritableByAnybody(file)
                ? new Checked.Faulty<>(
                        List.of(
                                new Problem(
                                        Location.startOf(file),
                                        "",
                                        "everybody on this machine may write this file, and so let"
                                                + " himself in",
                                        "chmod o-w it, and look whether its keys are yours")))
                : SettingsReader.read(file, KeyFile.class);
    }

    private static boolean isWritableByAnybody(Path file) {
        try {
            return Files.getFileStore(file).supportsFileAttributeView("posix")
                    && Files.getPosixFilePermissions(file)
                            .contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException _) {
            // Whoever reads it says what is wrong.
            return false;
        }
    }

    /// The same with a key more, or changed.
    public KeyFile with(String name, KeyGrant grant) {
        Map<String, KeyGrant> more = new LinkedHashMap<>(keys);
        more.put(name, grant);
        return new KeyFile(format, more);
    }

    /// The same without a key.
    public KeyFile without(String name) {
        Map<String, KeyGrant> fewer = new LinkedHashMap<>(keys);
        fewer.remove(name);
        return new KeyFile(format, fewer);
    }
}
