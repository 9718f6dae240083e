package leat.client;

import java.time.Duration;

/// How a client sends.
///
/// @param batchEvents the most events in one request, 1 to 10,000
/// @param batchBytes the most payload bytes in one request, 1 to 8 MiB; a larger event goes alone
/// @param linger how long an event may wait for others to share its request, up to a minute
/// @param inFlight requests under way at once, 1 to 64; with 1, events reach the log in their order
///   even when one is sent again
/// @param requestTimeout how long one request may take before it is sent again
/// @param giveUpAfter how long no request may succeed before sending fails
public record ClientSettings(
        int batchEvents,
        int batchBytes,
        Duration linger,
        int inFlight,
        Duration requestTimeout,
        Duration giveUpAfter) {

    public static final ClientSettings DEFAULTS =
            new ClientSettings(
                    1000,
                    1 << 20,
                    Duration.ofMillis(5),
                    4,
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(2));

    private static final int MAX_BATCH_EVENTS = 10_000;
    private static final int MAX_BATCH_BYTES = 8 << 20;
    private static final int MAX_IN_FLIGHT = 64;

    /// Checks the limits.
    ///
    /// @throws IllegalArgumentException that names the setting and its limits
    public ClientSettings {
        require(batchEvents >= 1 && batchEvents <= MAX_BATCH_EVENTS, "batchEvents: 1 to 10000");
        require(batchBytes >= 1 && batchBytes <= MAX_BATCH_BYTES, "batchBytes: 1 to 8 MiB");
        require(
                !linger.isNegative() && linger.compareTo(Duration.ofMinutes(1)) <= 0,
                "linger: 0 to 1 minute");
        require(inFlight >= 1 && inFlight <= MAX_IN_FLIGHT, "inFlight: 1 to 64");
        require(requestTimeout.isPositive(), "requestTimeout: positive");
        require(giveUpAfter.isPositive(), "giveUpAfter: positive");
    }

    /// The same with other batches.
    public ClientSettings withBatches(int events, int bytes, Duration maxLinger) {
        return new ClientSettings(events, bytes, maxLinger, inFlight, requestTimeout, giveUpAfter);
    }

    /// The same with other requests.
    public ClientSettings withRequests(int mostInFlight, Duration timeout, Duration giveUp) {
        return new ClientSettings(batchEvents, batchBytes, linger, mostInFlight, timeout, giveUp);
    }

    private static void require(boolean holds, String limits) {
        if (!holds) {
            throw new IllegalArgumentException(limits);
        }
    }
}
