package leat.core.event;

/// The id Kafka gave a topic when it was made, in Kafka's URL-safe Base64 (22 characters). A topic
/// that was deleted and made again has another one.
public record TopicId(String value) {

    /// @throws IllegalArgumentException when `value` is not 22 characters of URL-safe Base64
    public TopicId {
        if (!value.matches("[A-Za-z0-9_-]{22}")) {
            throw new IllegalArgumentException("'" + value + "' is not a topic id");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
