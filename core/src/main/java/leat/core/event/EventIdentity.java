package leat.core.event;

/// What makes two records the same event of one contract: the client's `ce_source` and `ce_id`. A
/// dead letter that is retried keeps both and raises `attempt`, so that it is not taken for its own
/// duplicate.
public record EventIdentity(String source, String id, int attempt) {

    public EventIdentity(String source, String id) {
        this(source, id, 0);
    }

    /// The identity as deduplication remembers it.
    public Hash128 hash() {
        return attempt == 0
                ? Hash128.of(source, id)
                : Hash128.of(source, id, Integer.toString(attempt));
    }
}
