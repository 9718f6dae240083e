package leat.bench.mqtt;

/// When events are published and which of them are measured, in microseconds since the epoch.
///
/// @param startMicros the first event's time
/// @param fromMicros events from here on are measured
/// @param endMicros no event from here on is published
record PublishWindow(long startMicros, long fromMicros, long endMicros) {

    private static final String WORD = "publish";

    /// The line that tells a simulator.
    String line() {
        return WORD + " " + startMicros + " " + fromMicros + " " + endMicros;
    }

    /// Reads such a line.
    ///
    /// @throws IllegalArgumentException when it is none
    static PublishWindow parse(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 4 || !words[0].equals(WORD)) {
            throw new IllegalArgumentException("not a command of a simulator: " + line);
        }
        return new PublishWindow(
                Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
    }

    boolean measures(long micros) {
        return micros >= fromMicros && micros < endMicros;
    }
}
