package leat.launcher;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/// What runs in this process: its parts, what the stages among them are doing, and where those that
/// listen can be reached. One thread adds; states and addresses are read from any.
final class RunningParts implements AutoCloseable {

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Map<String, Supplier<StageState>> stages = new ConcurrentSkipListMap<>();
    private final List<Supplier<Map<String, StageState>>> groups = new CopyOnWriteArrayList<>();
    private final Map<String, String> addresses =
            Collections.synchronizedMap(new LinkedHashMap<>());
    private boolean serves;

    /// Adds a part; it is stopped before all that were added earlier.
    <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    /// Shows what a stage is doing.
    void stage(String name, Supplier<StageState> state) {
        stages.put(name, state);
    }

    /// Shows what several stages are doing, `name.KEY` each, by the keys that `health` has when it
    /// is asked.
    <H> void stages(String name, Supplier<Map<String, H>> health, Function<H, StageState> state) {
        groups.add(() -> {
            Map<String, StageState> states = new TreeMap<>();
            health.get().forEach((key, is) -> states.put(name + "." + key, state.apply(is)));
            return states;
        });
    }

    /// Tells where something can be reached.
    void address(String name, String address) {
        addresses.put(name, address);
    }

    /// The same for something that others cannot do without, which is reason enough for the process
    /// to go on.
    void serve(String name, String address) {
        address(name, address);
        serves = true;
    }

    /// Whether something serves others.
    boolean serves() {
        return serves;
    }

    /// Whether nothing serves others and no stage runs.
    boolean idle() {
        return !serves && stages.isEmpty() && groups.isEmpty();
    }

    Map<String, StageState> stageStates() {
        Map<String, StageState> states = new TreeMap<>();
        stages.forEach((stage, state) -> states.put(stage, state.get()));
        groups.forEach(group -> states.putAll(group.get()));
        return states;
    }

    Map<String, String> addresses() {
        synchronized (addresses) {
            return Collections.unmodifiableMap(new LinkedHashMap<>(addresses));
        }
    }

    /// Stops the parts in reverse order; one that fails to stop does not keep the others from it.
    @Override
    public void close() {
        Closing.all(parts);
    }
}
