package leat.core.event;

/// The id Kafka gave a topic when it was made, in Kafka's URL-safe Base64 (22 characters). A topic
/// that was deleted and made again has another one.
public record TopicId(String value) {

    private static final int CHARS = 22;

    /// @throws IllegalArgumentException when `value` is not 22 characters of URL-safe Base64
    public TopicId {
        if (value.length() != CHARS || !value.chars().allMatch(TopicId::isUrlSafe)) {
            throw new IllegalArgumentException("'" + value + "' is not a topic id");
        }
    }

    private static boolean isUrlSafe(int c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '-';
    }

    @Override
    public String toString() {
        return value;
    }
}
