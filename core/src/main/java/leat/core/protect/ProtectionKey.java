package leat.core.protect;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The secret that values are hashed with: HMAC-SHA-256 (RFC 2104). The same text gives the same
/// hash wherever the key is the same. Nothing here ever shows the secret. Safe for many threads.
public final class ProtectionKey {

    /// The least length of a key, which is the length of the hash.
    public static final int MIN_BYTES = 32;

    private static final int MAX_BYTES = 128;
    private static final String ALGORITHM = "HmacSHA256";

    private final Mac keyed;

    private ProtectionKey(byte[] secret) {
        try {
            keyed = Mac.getInstance(ALGORITHM);
            keyed.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, e);
        }
    }

    /// A key written as hexadecimal digits, white space around them aside.
    ///
    /// @throws IllegalArgumentException when it is something else, or too short; the message does
    ///   not quote it
    public static ProtectionKey parse(String hex) {
        String digits = hex.strip();
        int wanted = 2 * MIN_BYTES;
        if (digits.length() < wanted || digits.length() > 2 * MAX_BYTES) {
            throw new IllegalArgumentException(
                    "has "
                            + digits.length()
                            + " characters, a key is "
                            + wanted
                            + " to "
                            + 2 * MAX_BYTES
                            + " hexadecimal digits");
        }
        byte[] secret;
        try {
            secret = HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("is not an even number of hexadecimal digits");
        }
        try {
            return new ProtectionKey(secret);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /// A hasher for one thread.
    Mac hasher() {
        try {
            return (Mac) keyed.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(ALGORITHM + " cannot be cloned", e);
        }
    }

    @Override
    public String toString() {
        return "a key that is not shown";
    }
}
