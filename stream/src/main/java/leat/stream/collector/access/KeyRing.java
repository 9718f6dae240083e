package leat.stream.collector.access;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The keys of one reading of the file, by what clients show.
final class KeyRing {

    private final Map<String, Held> byId = new HashMap<>();
    private final Map<String, Held> bySubject = new HashMap<>();
    private final Map<String, KeyQuota> quotas = new HashMap<>();

    /// A key that a client has shown a part of.
    ///
    /// @param secret the secret's hash; null where a certificate stands for the key
    record Held(String name, KeyGrant grant, @Nullable KeySecret secret, KeyQuota quota) {}

    /// @param before the ring it takes the place of, whose quotas go on; null for the first
    KeyRing(KeyFile file, @Nullable KeyRing before, LongSupplier nanos) {
        file.keys()
                .forEach((name, grant) -> {
                    KeyQuota known = before == null ? null : before.quotas.get(name);
                    KeyQuota quota =
                            known != null && known.isOf(grant) ? known : new KeyQuota(grant, nanos);
                    quotas.put(name, quota);
                    for (KeySecret secret : grant.secrets()) {
                        byId.put(secret.id(), new Held(name, grant, secret, quota));
                    }
                    grant.certificateSubject()
                            .ifPresent(subject ->
                                    bySubject.put(subject, new Held(name, grant, null, quota)));
                });
    }

    @Nullable Held ofToken(KeyToken token) {
        Held held = byId.get(token.id());
        return held != null && held.secret() != null && held.secret().matches(token) ? held : null;
    }

    /// The key of the first of a certificate's names that has one.
    @Nullable Held ofCertificate(Credentials.Certificate certificate) {
        for (String subject : certificate.subjects()) {
            Held held = bySubject.get(subject);
            if (held != null) {
                return held;
            }
        }
        return null;
    }

    /// The key of a client that was let in earlier, as it is now; null where it is revoked.
    @Nullable Held again(Held earlier) {
        KeySecret secret = earlier.secret();
        if (secret == null) {
            Held now = bySubject.get(earlier.grant().certificateSubject().orElse(""));
            return now != null && now.name().equals(earlier.name()) ? now : null;
        }
        Held now = byId.get(secret.id());
        return now != null && now.secret() != null && now.secret().hash().equals(secret.hash())
                ? now
                : null;
    }

    int size() {
        return quotas.size();
    }
}
