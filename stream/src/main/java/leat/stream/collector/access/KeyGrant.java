package leat.stream.collector.access;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import leat.core.config.DataSize;
import leat.core.config.Setting;
import leat.core.contract.Contract;

/// What the holder of a key may do. The key is a secret, or a certificate that the client shows.
public record KeyGrant(
        @Setting(description = "The hashes by which its secrets are known") List<KeySecret> secrets,
        @Setting(
                        description =
                                "The subject of a client certificate that stands for the key,"
                                        + " where `collector.tls.client-authorities` is set: its"
                                        + " CN, or one of its URIs, e.g. `spiffe://plant/gateway`")
                Optional<String> certificateSubject,
        @Setting(
                        description =
                                "The contracts it may bring events of in: `car-telemetry` for every"
                                        + " version, `car-telemetry.v1` for one, `'*'` for all")
                List<String> contracts,
        @Setting(
                        description =
                                "The doors it may use: `http`, `grpc`, `mqtt`, `syslog`; alone"
                                        + " `browser`, for pages; and `console`, for people; none"
                                        + " named means all but these two")
                List<DoorKind> doors,
        @Setting(description = "Events a second, for one collector process; absent means no limit")
                Optional<Long> eventsPerSecond,
        @Setting(
                        description =
                                "Payload bytes a second, for one collector process; absent means no"
                                        + " limit")
                Optional<DataSize> bytesPerSecond) {

    private static final String ALL = "*";
    private static final Pattern CONTRACT = Pattern.compile("[a-z][a-z0-9-]*(\\.v\\d{1,9})?");
    private static final long MAX_RATE = 1_000_000_000_000L;
    private static final int MAX_SECRETS = 10;

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when one is out of range, or the key could never be used
    public KeyGrant {
        secrets = List.copyOf(secrets);
        contracts = List.copyOf(contracts);
        doors = List.copyOf(doors);
        check(
                !secrets.isEmpty() || certificateSubject.isPresent(),
                "secrets or certificate-subject must say how the key is known");
        check(secrets.size() <= MAX_SECRETS, "secrets must be at most " + MAX_SECRETS);
        check(
                certificateSubject.filter(String::isBlank).isEmpty(),
                "certificate-subject must be the CN or a URI of a certificate");
        for (String contract : contracts) {
            check(
                    contract.equals(ALL) || CONTRACT.matcher(contract).matches(),
                    "contracts must be names, NAME.vN or '*', not '" + contract + "'");
        }
        check(
                !contracts.isEmpty() || doors.equals(List.of(DoorKind.CONSOLE)),
                "contracts must name what the key is for; write ['*'] for all of them");
        check(
                !doors.contains(DoorKind.BROWSER)
                        || (doors.size() == 1
                                && !contracts.contains(ALL)
                                && eventsPerSecond.isPresent()),
                "a key for the door browser can be read by everybody who opens the page: give it no"
                        + " other door, name its contracts instead of '*', and set"
                        + " events-per-second");
        check(
                eventsPerSecond.stream().allMatch(rate -> rate >= 1 && rate <= MAX_RATE),
                "events-per-second must be from 1 to " + MAX_RATE);
        check(
                bytesPerSecond.stream()
                        .allMatch(rate -> rate.bytes() >= 1 && rate.bytes() <= MAX_RATE),
                "bytes-per-second must be from 1B to " + MAX_RATE + "B");
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    boolean opens(DoorKind door) {
        return doors.isEmpty()
                ? door != DoorKind.CONSOLE && door != DoorKind.BROWSER
                : doors.contains(door);
    }

    boolean covers(Contract contract) {
        return contracts.contains(ALL)
                || contracts.contains(contract.name().value())
                || contracts.contains(contract.nameAndMajor());
    }

    /// The same with other secrets.
    public KeyGrant withSecrets(List<KeySecret> others) {
        return new KeyGrant(
                others, certificateSubject, contracts, doors, eventsPerSecond, bytesPerSecond);
    }
}
