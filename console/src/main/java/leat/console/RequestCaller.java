package leat.console;

import leat.stream.collector.access.Caller;

/// Who a request is from, while it is being answered.
public final class RequestCaller {

    private static final ScopedValue<Caller> CALLER = ScopedValue.newInstance();

    private RequestCaller() {}

    /// Answers a request of somebody.
    static void of(Caller caller, Runnable answering) {
        ScopedValue.where(CALLER, caller).run(answering);
    }

    /// The name of who the request of this thread is from.
    public static String name() {
        return CALLER.orElse(Caller.ANYONE).name();
    }
}
