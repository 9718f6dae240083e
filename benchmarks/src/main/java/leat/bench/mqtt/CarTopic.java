package leat.bench.mqtt;

/// Where the events of a contract are published: `before`, the value of the event's field `key`,
/// `after`.
public record CarTopic(String contract, String before, String key, String after) {

    /// Reads a topic with one variable, which is the name of a field: `fleet/{car}/telemetry`.
    ///
    /// @throws IllegalArgumentException when it has not exactly one
    public static CarTopic of(String contract, String template) {
        int open = template.indexOf('{');
        int close = template.indexOf('}');
        if (open < 0 || close < open || template.indexOf('{', open + 1) >= 0) {
            throw new IllegalArgumentException(
                    "topic '" + template + "' has not exactly one variable, such as {car}");
        }
        return new CarTopic(
                contract,
                template.substring(0, open),
                template.substring(open + 1, close),
                template.substring(close + 1));
    }

    String of(String keyValue) {
        return before + keyValue + after;
    }
}
