package leat.bench.mqtt;

/// What a process of simulated cars has seen so far; it prints one a line, as JSON.
///
/// @param open connections that are let in
/// @param drops connections that ended although nobody asked for it
/// @param failedConnects attempts that came to nothing and were made again
/// @param sent events that were published
/// @param acked events that were acknowledged
/// @param ackedInWindow acknowledgements that came within the window that is measured
/// @param histogram of the window's events when it is over: microseconds from the moment an event
///   was due to its acknowledgement, an HdrHistogram in Base64; else empty
/// @param lastFailure what the last failed connect or drop was; empty while there is none
record CarsReport(
        Phase phase,
        int open,
        int drops,
        int failedConnects,
        long sent,
        long acked,
        long ackedInWindow,
        String histogram,
        String lastFailure) {

    /// How far a process is.
    enum Phase {
        /// The process has started.
        WAITING,
        CONNECTING,
        /// All cars have been let in.
        CONNECTED,
        PUBLISHING,
        /// Everything is published, and acknowledged but for what dropped connections took along.
        SETTLED
    }

    static final CarsReport NONE = new CarsReport(Phase.WAITING, 0, 0, 0, 0, 0, 0, "", "");
}
