package leat.stream.sql;

/// Why an answer is without the log behind a table, and what would bring it back.
public record Shortfall(String reason, String remedy) {

    static Shortfall noLog(String reason) {
        return new Shortfall(
                reason,
                "start Kafka, or correct log.bootstrap-servers in leat.yaml, and try again");
    }

    /// The log holds more than `maxBytes` that is not in the lake.
    static Shortfall tooLong(long maxBytes) {
        return new Shortfall(
                "the log holds more than tail-memory ("
                        + (maxBytes >> 20)
                        + " MiB) that is not in the lake yet",
                "let the lake's loader catch up (leat status), or raise sql.tail-memory");
    }

    static Shortfall tooSlow() {
        return new Shortfall(
                "the log's tail could not be read within the time limit",
                "let the lake's loader catch up (leat status), and try again");
    }

    static Shortfall recreated(String topic) {
        return new Shortfall(
                "topic "
                        + topic
                        + " was made again after the lake's table had read another of"
                        + " that name",
                "if the old rows may go, drop the lake's table and it is loaded anew; otherwise"
                        + " rename the table first");
    }
}
