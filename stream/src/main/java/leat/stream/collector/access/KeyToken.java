package leat.stream.collector.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An API key as its holder has it: `leat_<id>_<secret>`. The id finds the key in the file and is
/// no secret; the secret has 192 random bits, so that a plain SHA-256 of the whole cannot be turned
/// back by trying.
///
/// @param id 12 hexadecimal digits
/// @param text the whole, which only its holder keeps
public record KeyToken(String id, String text) {

    private static final Pattern FORM = Pattern.compile("leat_([0-9a-f]{12})_[0-9a-f]{48}");
    private static final int ID_BYTES = 6;
    private static final int SECRET_BYTES = 24;

    /// Makes a new one.
    public static KeyToken make(SecureRandom random) {
        byte[] id = new byte[ID_BYTES];
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(id);
        random.nextBytes(secret);
        String shown = HexFormat.of().formatHex(id);
        return new KeyToken(shown, "leat_" + shown + "_" + HexFormat.of().formatHex(secret));
    }

    /// Reads what a client sent; empty when it has not the form of a key.
    static Optional<KeyToken> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches() ? Optional.of(new KeyToken(form.group(1), text)) : Optional.empty();
    }

    /// What the file of keys holds instead of the secret: SHA-256 of the whole key.
    public byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "KeyToken[" + id + "]";
    }
}
