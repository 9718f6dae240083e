package leat.core.event;

import java.time.Instant;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeMap;
import leat.core.contract.ContractName;

/// Makes the events of a workspace out of nothing: for `leat demo`, for benchmarks and for tests.
/// Implementations are found through [ServiceLoader], so that the program drives any workspace that
/// names a generator and knows none of them.
///
/// A generator is a pure function: the same [Plan] gives the same bytes, on any machine and however
/// many slices the plan is cut into.
public interface EventGenerator {

    /// What a workspace calls it, e.g. `connected-car`.
    String name();

    /// The contracts it makes events for; the first is the one that [Plan#eventsPerSecond] counts.
    List<ContractName> contracts();

    /// Opens one slice of a plan. Slices share nothing: each may have a thread of its own.
    Feed open(Plan plan, Slice slice);

    /// The installed generator of that name.
    ///
    /// @throws IllegalArgumentException when there is none; the message lists those there are
    static EventGenerator named(String name) {
        TreeMap<String, EventGenerator> installed = new TreeMap<>();
        for (EventGenerator generator : ServiceLoader.load(EventGenerator.class)) {
            installed.put(generator.name(), generator);
        }
        EventGenerator found = installed.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "no event generator is called '"
                            + name
                            + "'; installed: "
                            + String.join(", ", installed.keySet()));
        }
        return found;
    }

    /// What to generate, in virtual time: source `i` of `n` makes an event at `start + (k·n + i) /
    /// eventsPerSecond` for each k = 0, 1, 2, …
    ///
    /// @param seed another seed gives another history
    /// @param sources how many things (cars, visitors, machines) make events, 1 to 100 million
    /// @param eventsPerSecond all sources together, of the generator's first contract
    /// @param start the virtual time of the first event
    record Plan(long seed, int sources, double eventsPerSecond, Instant start) {

        public static final int MAX_SOURCES = 100_000_000;

        /// Checks the limits.
        ///
        /// @throws IllegalArgumentException when sources or rate are out of range
        public Plan {
            if (sources < 1 || sources > MAX_SOURCES) {
                throw new IllegalArgumentException(
                        "sources must be 1 to " + MAX_SOURCES + ", not " + sources);
            }
            if (!(eventsPerSecond > 0 && eventsPerSecond <= 1e9)) {
                throw new IllegalArgumentException(
                        "events per second must be above 0 and at most 1e9, not "
                                + eventsPerSecond);
            }
        }

        /// The virtual seconds between two events of one source.
        public double secondsPerStep() {
            return sources / eventsPerSecond;
        }
    }

    /// The sources whose index leaves the remainder `index` when divided by `count`.
    record Slice(int index, int count) {

        public static final Slice WHOLE = new Slice(0, 1);

        /// Checks that there is such a slice.
        ///
        /// @throws IllegalArgumentException when `index` is not in 0 until `count`
        public Slice {
            if (index < 0 || index >= count) {
                throw new IllegalArgumentException(
                        "slice " + index + " of " + count + " does not exist");
            }
        }
    }

    /// An endless series of events in virtual time, for one thread.
    interface Feed {

        /// The virtual time of the event that [#next] gives, in microseconds since the epoch; never
        /// decreases. A driver in real time waits until the clock is there.
        long nextTimeMicros();

        /// Gives the next event of the first contract, and whatever of the others happened with it.
        void next(Sink sink);
    }

    /// Takes events.
    @FunctionalInterface
    interface Sink {

        /// Takes one event.
        ///
        /// @param buffer one JSON object, the first `length` bytes; the generator uses the buffer
        ///   again after the call
        void accept(ContractName contract, byte[] buffer, int length);
    }
}
