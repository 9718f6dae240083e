package leat.core.event;

/// Where a record stands in the log.
public record Position(TopicId topic, int partition, long offset) {

    /// Reads what [#toString] wrote.
    ///
    /// @throws IllegalArgumentException when `text` is not `topicId/partition@offset`
    public static Position parse(String text) {
        int slash = text.indexOf('/');
        int at = text.indexOf('@', slash + 1);
        if (slash < 0 || at < 0) {
            throw new IllegalArgumentException("'" + text + "' is not topicId/partition@offset");
        }
        return new Position(
                new TopicId(text.substring(0, slash)),
                Integer.parseInt(text.substring(slash + 1, at)),
                Long.parseLong(text.substring(at + 1)));
    }

    /// `topicId/partition@offset`, as headers and columns carry it.
    @Override
    public String toString() {
        return topic + "/" + partition + "@" + offset;
    }
}
