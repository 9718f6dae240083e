package leat.stream.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file of PEM blocks (RFC 7468), as a setting names it.
///
/// @param setting the key or option that names it, for messages
record PemFile(String setting, Path path) {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final List<String> KEY_KINDS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");
    private static final long MAX_BYTES = 1 << 20;

    private record Block(String label, String base64) {}

    /// All certificates in the order of the file, one at least.
    ///
    /// @throws TlsUnusable when there is none, or one cannot be read
    List<X509Certificate> certificates() {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks()) {
            if (block.label().equals(CERTIFICATE)) {
                certificates.add(certificate(block));
            }
        }
        if (certificates.isEmpty()) {
            throw unusable(
                    "holds no certificate",
                    "name a PEM file with -----BEGIN CERTIFICATE-----; openssl x509 -inform der -in"
                            + " FILE makes one of a DER file");
        }
        return certificates;
    }

    private X509Certificate certificate(Block block) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(decoded(block)));
        } catch (GeneralSecurityException e) {
            throw new TlsUnusable(
                    text("holds a certificate that cannot be read (" + e.getMessage() + ")"),
                    "copy the file again from where it was made",
                    e);
        }
    }

    /// The one private key.
    ///
    /// @throws TlsUnusable when there is none, or not in a form that is read
    PrivateKey privateKey() {
        List<Block> keys =
                blocks().stream().filter(block -> block.label().endsWith(PRIVATE_KEY)).toList();
        if (keys.size() != 1) {
            throw unusable(
                    keys.isEmpty() ? "holds no private key" : "holds more than one private key",
                    "name a PEM file with one -----BEGIN PRIVATE KEY-----");
        }
        Block block = keys.getFirst();
        if (block.label().startsWith("ENCRYPTED")) {
            throw unusable(
                    "holds a private key that is locked with a password",
                    "unlock it with openssl pkcs8 -in FILE -out NEW, and keep NEW readable by its"
                            + " owner alone");
        }
        if (!block.label().equals(PRIVATE_KEY)) {
            throw unusable(
                    "holds a private key in the old form " + block.label(),
                    "convert it with openssl pkcs8 -topk8 -nocrypt -in FILE -out NEW");
        }
        byte[] encoded = decoded(block);
        for (String kind : KEY_KINDS) {
            try {
                return KeyFactory.getInstance(kind)
                        .generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException _) {
                // Of another kind.
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has " + kind, e);
            }
        }
        throw unusable(
                "holds a private key of a kind that is not spoken",
                "use an RSA, EC or Ed25519 key");
    }

    private byte[] decoded(Block block) {
        try {
            return Base64.getMimeDecoder().decode(block.base64());
        } catch (IllegalArgumentException _) {
            throw unusable(
                    "holds a " + block.label() + " that is not Base64",
                    "copy the file again from where it was made");
        }
    }

    private List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        Matcher found = BLOCK.matcher(content());
        while (found.find()) {
            blocks.add(new Block(found.group(1), found.group(2)));
        }
        return blocks;
    }

    private String content() {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw unusable("is larger than 1 MiB", "name a PEM file");
            }
            return Files.readString(path, ISO_8859_1);
        } catch (NoSuchFileException _) {
            throw unusable("is not there", "put the file there, or correct the path");
        } catch (AccessDeniedException _) {
            throw unusable("may not be read by this user", "let this user or its group read it");
        } catch (IOException e) {
            throw new TlsUnusable(
                    text("cannot be read (" + e.getMessage() + ")"), "correct the path", e);
        }
    }

    /// What is wrong with the file.
    TlsUnusable unusable(String what, String remedy) {
        return new TlsUnusable(text(what), remedy);
    }

    private String text(String what) {
        return setting + ": the file " + path + " " + what;
    }
}
