package leat.stream.collector;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import leat.core.yaml.NearestName;

/// All inlets, by the names that clients call them.
public final class Inlets {

    private final Map<String, Inlet> byName = new TreeMap<>();

    Inlets(Collection<Inlet> inlets) {
        for (Inlet inlet : inlets) {
            keepNewest(inlet.contract().name().value(), inlet);
            keepNewest(inlet.contract().nameAndMajor(), inlet);
        }
    }

    /// Finds `car-telemetry`, the newest major version, or `car-telemetry.v1`.
    public Optional<Inlet> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// The inlet of a contract that the settings name.
    ///
    /// @param key of the setting
    /// @throws NoSuchContract when it is not there
    public Inlet require(String key, String name) {
        return find(name)
                .orElseThrow(() ->
                        new NoSuchContract(
                                key + ": there is no contract '" + name + "'",
                                NearestName.remedy(name, names())));
    }

    /// The names there are, sorted.
    public Collection<String> names() {
        return byName.keySet();
    }

    private void keepNewest(String name, Inlet inlet) {
        byName.merge(
                name,
                inlet,
                (one, other) ->
                        one.contract().version().compareTo(other.contract().version()) >= 0
                                ? one
                                : other);
    }
}
