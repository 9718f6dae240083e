package leat.core.protect;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import leat.core.contract.Protection;
import org.jspecify.annotations.Nullable;

/// Makes what stands in the place of protected texts. For one thread.
final class Replacements {

    private final Optional<ProtectionKey> key;
    private @Nullable Mac hasher;

    /// @param key empty where nothing is hashed
    Replacements(Optional<ProtectionKey> key) {
        this.key = key;
    }

    /// The keyed hash of a text, as lower-case hexadecimal digits.
    String hash(byte[] utf8) {
        return hash(utf8, 0, utf8.length);
    }

    String hash(byte[] bytes, int offset, int length) {
        Mac mac = hasher();
        mac.update(bytes, offset, length);
        return HexFormat.of().formatHex(mac.doFinal());
    }

    private Mac hasher() {
        Mac mac = hasher;
        if (mac == null) {
            mac = key.orElseThrow().hasher();
            hasher = mac;
        }
        return mac;
    }

    /// The text with what the mask hides as [Protection#MASK]. Of a text that has not at least as
    /// many characters to hide as to keep, nothing is kept.
    static String mask(Protection.Action.Mask mask, String text) {
        int kept = mask.first() + mask.last();
        if (text.codePointCount(0, text.length()) < 2 * kept) {
            return Protection.MASK;
        }
        return text.substring(0, text.offsetByCodePoints(0, mask.first()))
                + Protection.MASK
                + text.substring(text.offsetByCodePoints(text.length(), -mask.last()));
    }

    /// The hash of a record's key.
    static byte[] keyHash(ProtectionKey key, byte[] text) {
        return new Replacements(Optional.of(key)).hash(text).getBytes(StandardCharsets.US_ASCII);
    }
}
