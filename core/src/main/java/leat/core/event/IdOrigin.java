package leat.core.event;

/// Who gave an event its id. Only an id that the client can repeat lets duplicates be found.
public enum IdOrigin {
    /// CloudEvents' `id`.
    CLIENT("client"),
    /// The values of the contract's id fields.
    CONTRACT("contract"),
    /// The request's Idempotency-Key and the item's index.
    IDEMPOTENCY_KEY("idempotency-key"),
    /// Made by the server: a repeated event is a new one.
    SERVER("server");

    private final String word;

    IdOrigin(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    /// Whether an event sent again has the same id, and so is found as a duplicate.
    public boolean repeatable() {
        return this != SERVER;
    }
}
