package leat.core.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The first 128 bits of a SHA-256, so that nobody can make two identities meet on purpose.
public record Hash128(long high, long low) {

    private static final MessageDigest FRESH = platformSha256();

    /// Hashes the parts with their lengths between them, so that `("ab", "c")` and `("a", "bc")`
    /// differ.
    public static Hash128 of(String... parts) {
        MessageDigest digest = sha256();
        byte[] length = new byte[Integer.BYTES];
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            ByteBuffer.wrap(length).putInt(bytes.length);
            digest.update(length);
            digest.update(bytes);
        }
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new Hash128(hash.getLong(), hash.getLong());
    }

    /// Hashes bytes as they are.
    public static Hash128 ofBytes(byte[] content) {
        ByteBuffer hash = ByteBuffer.wrap(sha256().digest(content));
        return new Hash128(hash.getLong(), hash.getLong());
    }

    /// A fresh digest; a copy costs less than the search through the security providers.
    private static MessageDigest sha256() {
        try {
            return (MessageDigest) FRESH.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's SHA-256 can be copied", e);
        }
    }

    private static MessageDigest platformSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// 16 bytes, big-endian.
    public byte[] bytes() {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    /// 32 hexadecimal digits.
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes());
    }
}
