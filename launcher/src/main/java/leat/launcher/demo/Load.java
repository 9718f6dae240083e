package leat.launcher.demo;

/// Somebody who sends a generator's events.
sealed interface Load extends AutoCloseable permits GeneratedLoad, FleetLoad {

    long sent();

    long accepted();

    /// Events that died at the collector already, as far as it said so.
    long dead();

    /// Ends the load after what is under way.
    void finish();

    @Override
    void close();
}
