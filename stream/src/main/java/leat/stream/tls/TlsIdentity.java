package leat.stream.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// Who one side of a connection is: its certificate with those behind it, and its private key.
///
/// @param chain its own certificate first; each is signed by the next
public record TlsIdentity(List<X509Certificate> chain, PrivateKey key) {

    private static final Set<PosixFilePermission> TOO_MUCH =
            Set.of(
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE,
                    PosixFilePermission.GROUP_WRITE);

    /// Copies the chain.
    public TlsIdentity {
        chain = List.copyOf(chain);
    }

    /// Reads the files and checks that they belong together and are good at `now`.
    ///
    /// @param certificateSetting names the first file in messages
    /// @param keySetting names the second
    /// @throws TlsUnusable with the setting, the file, the reason and the remedy
    public static TlsIdentity read(
            String certificateSetting,
            Path certificateFile,
            String keySetting,
            Path keyFile,
            Instant now) {
        PemFile certificates = new PemFile(certificateSetting, certificateFile);
        PemFile keys = new PemFile(keySetting, keyFile);
        List<X509Certificate> chain = certificates.certificates();
        refuseUnusable(certificates, chain, now);
        PrivateKey key = keys.privateKey();
        refuseReadable(keys);
        if (!matches(key, chain.getFirst().getPublicKey())) {
            throw keys.unusable(
                    "holds a key that does not belong to the certificate " + certificateFile,
                    "name the key that the certificate was made for, and put the server's own"
                            + " certificate first in its file");
        }
        return new TlsIdentity(chain, key);
    }

    /// When it ends.
    public Instant ends() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    private static void refuseUnusable(PemFile file, List<X509Certificate> chain, Instant now) {
        for (X509Certificate certificate : chain) {
            String subject = certificate.getSubjectX500Principal().getName();
            Instant begins = certificate.getNotBefore().toInstant();
            Instant ends = certificate.getNotAfter().toInstant();
            if (!now.isBefore(ends)) {
                throw file.unusable(
                        "holds a certificate of " + subject + " that expired at " + ends,
                        "put a renewed one there; it is taken without a restart");
            }
            if (now.isBefore(begins)) {
                throw file.unusable(
                        "holds a certificate of "
                                + subject
                                + " that is good from "
                                + begins
                                + " on",
                        "check this machine's clock, or wait");
            }
        }
        for (int i = 1; i < chain.size(); i++) {
            if (!isSignedBy(chain.get(i - 1), chain.get(i))) {
                throw file.unusable(
                        "is not in order: certificate "
                                + i
                                + " is not signed by certificate "
                                + (i + 1),
                        "put the own certificate first, then each one that signed the one before");
            }
        }
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate signer) {
        try {
            certificate.verify(signer.getPublicKey());
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private static void refuseReadable(PemFile file) {
        try {
            if (Files.getFileStore(file.path()).supportsFileAttributeView("posix")
                    && Files.getPosixFilePermissions(file.path()).stream()
                            .anyMatch(TOO_MUCH::contains)) {
                throw file.unusable(
                        "can be read by anybody on this machine, or written by its group",
                        "chmod 600 it, or 640 for a group; in Kubernetes mount it with defaultMode:"
                                + " 0440");
            }
        } catch (IOException e) {
            throw new TlsUnusable(
                    file.setting() + ": the file " + file.path() + " cannot be examined: " + e,
                    "correct the path",
                    e);
        }
    }

    /// Whether what the key signs can be verified by `other`.
    private static boolean matches(PrivateKey key, PublicKey other) {
        if (!key.getAlgorithm().equals(other.getAlgorithm())) {
            return false;
        }
        byte[] text = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance(signatureOf(key.getAlgorithm()));
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(other);
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private static String signatureOf(String algorithm) {
        return switch (algorithm) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> algorithm;
        };
    }

    /// Without the key.
    @Override
    public String toString() {
        return "TlsIdentity[" + chain.getFirst().getSubjectX500Principal().getName() + "]";
    }
}
