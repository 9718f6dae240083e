package leat.core.extraction;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How far each source has been read: the state that [Taken] events fold to.
public record Extractions(Map<String, Taken> bySource) {

    public static final Extractions EMPTY = new Extractions(Map.of());

    public Extractions {
        bySource = Map.copyOf(bySource);
    }

    /// The state after one more event.
    public Extractions apply(Taken event) {
        Map<String, Taken> next = new HashMap<>(bySource);
        next.put(event.source(), event);
        return new Extractions(next);
    }

    /// The newest of a source; empty where nothing was taken yet.
    public Optional<Taken> of(String source) {
        return Optional.ofNullable(bySource.get(source));
    }

    /// The position of a source; empty where nothing was taken yet.
    public Map<String, String> position(String source) {
        return of(source).<Map<String, String>>map(Taken::position).orElse(Map.of());
    }
}
