package leat.stream.retry;

import java.time.InstantSource;
import java.util.List;
import leat.core.event.Names;
import leat.core.patch.PayloadPatch;
import leat.stream.inspect.DeadLetterFilter;
import leat.stream.log.LogConnection;

/// A retry in a process of its own, to be killed.
final class RetryUntilKilled {

    private RetryUntilKilled() {}

    /// Runs `bootstrap prefix`.
    public static void main(String[] args) {
        new DeadLetterRetry(new LogConnection(args[0]), new Names(args[1]), InstantSource.system())
                .run(request(), _ -> {});
    }

    /// All orders that lack a country, from the Netherlands.
    static DeadLetterRetry.Request request() {
        return new DeadLetterRetry.Request(
                RetryContracts.ORDERS,
                DeadLetterFilter.ALL,
                List.of(PayloadPatch.parse(RetryContracts.ORDERS, "event.country = \"NL\"")),
                Long.MAX_VALUE);
    }
}
