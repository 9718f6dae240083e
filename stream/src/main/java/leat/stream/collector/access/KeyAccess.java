package leat.stream.collector.access;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import leat.core.contract.Contract;
import org.jspecify.annotations.Nullable;

/// Lets in who holds a key of the file. Every question is answered by the newest reading of it, so
/// that a key that was revoked ends for clients that are connected.
public final class KeyAccess implements Access {

    private static final String REMEDY_KEY =
            "send a key that leat keys create has made for you, by the means of your protocol";
    private static final String REMEDY_RENEW =
            "ask who runs the collector for a new key (leat keys rotate)";

    private static final String REMEDY_CERTIFICATE =
            "ask who runs the collector to make one: leat keys create NAME --certificate-subject"
                    + " SUBJECT";

    private static final String REMEDY_SHOW_CERTIFICATE =
            "give the sender a certificate that one of the collector's client-authorities has"
                    + " signed";

    private final InstantSource clock;
    private final LongSupplier nanos;
    private final AccessMetrics metrics;
    private volatile KeyRing ring;

    /// @param nanos runs monotonically, for quotas
    public KeyAccess(KeyFile file, InstantSource clock, LongSupplier nanos, AccessMetrics metrics) {
        this.clock = clock;
        this.nanos = nanos;
        this.metrics = metrics;
        this.ring = new KeyRing(file, null, nanos);
    }

    /// Goes by another reading of the file from now on. Of a key whose quota stays the same, what
    /// was used up stays used up.
    public void replace(KeyFile file) {
        ring = new KeyRing(file, ring, nanos);
    }

    /// How many keys there are.
    public int size() {
        return ring.size();
    }

    @Override
    public Admission admit(DoorKind door, Credentials credentials) {
        return switch (credentials) {
            case Credentials.None() -> denied(door, nothingShown(door));
            case Credentials.Key(String secret) ->
                    admit(
                            new Shown(
                                    KeyToken.parse(secret).map(ring::ofToken).orElse(null),
                                    Instant.MAX,
                                    door),
                            "the key is not known, or was revoked",
                            REMEDY_KEY);
            case Credentials.Certificate certificate ->
                    admit(
                            new Shown(ring.ofCertificate(certificate), certificate.ends(), door),
                            "no key is known for the certificate " + certificate.subjects(),
                            door.takesKeys()
                                    ? REMEDY_CERTIFICATE + "; or send a key"
                                    : REMEDY_CERTIFICATE);
        };
    }

    private Admission admit(Shown shown, String unknown, String remedy) {
        KeyRing.Held held = shown.held();
        if (held == null) {
            return denied(shown.door(), unauthenticated(unknown, remedy));
        }
        Optional<Denial> denial = standing(held, shown);
        return denial.isPresent()
                ? denied(shown.door(), denial.get())
                : new Admission.Admitted(new Holder(held, shown));
    }

    /// What a client came with.
    ///
    /// @param held the key it is known by; null where there is none
    /// @param ends when its certificate ends
    private record Shown(KeyRing.@Nullable Held held, Instant ends, DoorKind door) {}

    private Admission denied(DoorKind door, Denial denial) {
        metrics.denied(door, denial.kind());
        return new Admission.Denied(denial);
    }

    /// What speaks against a key that is known, whatever the contract.
    private Optional<Denial> standing(KeyRing.Held held, Shown shown) {
        DoorKind door = shown.door();
        KeySecret secret = held.secret();
        Instant now = clock.instant();
        if (secret != null && secret.expiredAt(now)) {
            return Optional.of(unauthenticated("the key has expired", REMEDY_RENEW));
        }
        if (!now.isBefore(shown.ends())) {
            return Optional.of(
                    unauthenticated(
                            "the connection's certificate has expired",
                            "connect again with a renewed one"));
        }
        if (!held.grant().opens(door)) {
            return Optional.of(
                    forbidden(
                            "the key '" + held.name() + "' is not for the door " + door.word(),
                            "use a door it is for, or have "
                                    + door.word()
                                    + " added to its doors"));
        }
        return Optional.empty();
    }

    private static Denial nothingShown(DoorKind door) {
        return door.takesKeys()
                ? unauthenticated("no key was sent", REMEDY_KEY)
                : unauthenticated("no certificate was shown", REMEDY_SHOW_CERTIFICATE);
    }

    private static Denial unauthenticated(String message, String remedy) {
        return new Denial(Denial.Kind.UNAUTHENTICATED, message, remedy);
    }

    private static Denial forbidden(String message, String remedy) {
        return new Denial(Denial.Kind.FORBIDDEN, message, remedy);
    }

    /// A client that has shown a key.
    private final class Holder implements Caller {

        private final KeyRing.Held held;
        private final Shown shown;

        Holder(KeyRing.Held held, Shown shown) {
            this.held = held;
            this.shown = shown;
        }

        @Override
        public String name() {
            return held.name();
        }

        @Override
        public Optional<Denial> denial(Contract contract) {
            Optional<Denial> denial = denialNow(contract);
            denial.ifPresent(why -> metrics.denied(shown.door(), why.kind()));
            return denial;
        }

        private Optional<Denial> denialNow(Contract contract) {
            KeyRing.Held now = ring.again(held);
            if (now == null) {
                return Optional.of(unauthenticated("the key was revoked", REMEDY_RENEW));
            }
            Optional<Denial> standing = standing(now, shown);
            if (standing.isPresent() || now.grant().covers(contract)) {
                return standing;
            }
            return Optional.of(
                    forbidden(
                            "the key '"
                                    + now.name()
                                    + "' is not for the contract "
                                    + contract.nameAndMajor(),
                            "use a key for it, or have it added to the key's contracts"));
        }

        @Override
        public long take(int events, long bytes) {
            KeyRing.Held now = ring.again(held);
            long waitMillis = now == null ? 0 : now.quota().take(events, bytes);
            if (waitMillis > 0) {
                metrics.throttled(held.name(), events);
            }
            return waitMillis;
        }
    }
}
