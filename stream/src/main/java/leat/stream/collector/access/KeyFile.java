package leat.stream.collector.access;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import leat.core.config.Setting;
import leat.core.config.SettingsReader;
import leat.core.yaml.Checked;

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
    /// @throws IllegalArgumentException when two keys have the same id or certificate
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
            grant.certificate().ifPresent(cn -> once(seen, "certificate " + cn, name));
        });
    }

    private static void once(Set<String> seen, String what, String name) {
        if (!seen.add(what)) {
            throw new IllegalArgumentException(
                    "keys must differ: the " + what + " of '" + name + "' stands twice");
        }
    }

    /// Reads a file.
    public static Checked<KeyFile> read(Path file) {
        return SettingsReader.read(file, KeyFile.class);
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
