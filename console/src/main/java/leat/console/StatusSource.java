package leat.console;

import java.util.Map;
import java.util.Optional;

/// What the console shows of the running platform; whoever starts the stages knows it.
public interface StatusSource {

    /// Why the platform cannot serve now; empty when it can.
    Optional<String> notReady();

    /// The stages' state, as it is to stand in JSON: values are strings, numbers, booleans, lists
    /// and maps of these.
    Map<String, Object> status();
}
