package leat.ml.featurestore.online;

import java.util.Locale;

/// What an answer says of an entity as a whole.
public enum EntityStatus {
    /// The view has a vector of it.
    PRESENT,
    /// The view has seen no event of it.
    UNKNOWN_ENTITY,
    /// Its vector is older than the view's ttl allows.
    STALE,
    /// The views of a set say different things of it.
    PARTIAL;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final String json = '"' + word + '"';

    /// As answers have it, `unknown-entity`.
    public String word() {
        return word;
    }

    /// The word with its quotes.
    String json() {
        return json;
    }
}
