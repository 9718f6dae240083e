package leat.stream.collector.access;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The keys of one reading of the file, by what clients show.
final class KeyRing {

    private final Map<String, Held> byId = new HashMap<>();
    private final Map<String, Held> byCertificate = new HashMap<>();
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
                    grant.certificate()
                            .ifPresent(cn ->
                                    byCertificate.put(cn, new Held(name, grant, null, quota)));
                });
    }

    @Nullable Held ofToken(KeyToken token) {
        Held held = byId.get(token.id());
        return held != null && held.secret() != null && held.secret().matches(token) ? held : null;
    }

    @Nullable Held ofCertificate(String commonName) {
        return byCertificate.get(commonName);
    }

    /// The key of a client that was let in earlier, as it is now; null where it is revoked.
    @Nullable Held again(Held earlier) {
        KeySecret secret = earlier.secret();
        if (secret == null) {
            String cn = earlier.grant().certificate().orElse("");
            Held now = byCertificate.get(cn);
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
