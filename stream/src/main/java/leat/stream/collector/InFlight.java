package leat.stream.collector;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/// A bounded amount that is taken and given back: bytes, or requests.
public final class InFlight {

    private final long limit;
    private final BooleanSupplier admits;
    private final AtomicLong taken = new AtomicLong();

    public InFlight(long limit) {
        this(limit, () -> true);
    }

    /// @param admits whether anything may be taken at all just now
    InFlight(long limit, BooleanSupplier admits) {
        this.limit = limit;
        this.admits = admits;
    }

    /// Takes `amount` if the whole of it is left.
    public boolean tryTake(long amount) {
        if (taken.addAndGet(amount) <= limit && admits.getAsBoolean()) {
            return true;
        }
        taken.addAndGet(-amount);
        return false;
    }

    /// Takes `amount` of something that is there already, whether it is left or not.
    public void take(long amount) {
        taken.addAndGet(amount);
    }

    public void giveBack(long amount) {
        taken.addAndGet(-amount);
    }

    /// Whether nothing is left.
    public boolean exhausted() {
        return taken.get() >= limit || !admits.getAsBoolean();
    }

    public long taken() {
        return taken.get();
    }
}
