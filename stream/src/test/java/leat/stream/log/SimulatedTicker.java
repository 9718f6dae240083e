package leat.stream.log;

/// Time that only passes when somebody waits.
final class SimulatedTicker implements StageTicker {

    private long nanos;

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void park(long waitNanos) {
        nanos += Math.max(0, waitNanos);
    }

    @Override
    public void polled() {
        nanos += 100_000_000L;
    }
}
