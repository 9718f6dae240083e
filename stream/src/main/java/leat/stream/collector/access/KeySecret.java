package leat.stream.collector.access;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import leat.core.config.Setting;

/// One secret of a key, as the file of keys holds it: not the secret but its hash. While a key is
/// rotated it has two.
public record KeySecret(
        @Setting(description = "The id in `leat_<id>_<secret>`, 12 hexadecimal digits") String id,
        @Setting(description = "SHA-256 of the whole key, 64 hexadecimal digits") String hash,
        @Setting(description = "When it ends, e.g. `2027-01-31T00:00:00Z`; absent means never")
                Optional<Instant> expires) {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{12}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    /// Checks the forms.
    ///
    /// @throws IllegalArgumentException when id or hash are none; the message does not repeat them,
    ///   since a secret may have been written there
    public KeySecret {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "id must be 12 hexadecimal digits in lower case; leat keys create makes it");
        }
        if (!HASH.matcher(hash).matches()) {
            throw new IllegalArgumentException(
                    "hash must be the SHA-256 of the key, 64 hexadecimal digits in lower case, never"
                            + " the key itself; leat keys create makes it");
        }
    }

    /// Whether `token` is the secret; takes as long for a wrong one as for the right one.
    boolean matches(KeyToken token) {
        return MessageDigest.isEqual(HexFormat.of().parseHex(hash), token.hash());
    }

    boolean expiredAt(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }
}
