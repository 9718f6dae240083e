package leat.bench.mqtt;

import java.util.List;

/// What one process of simulated cars is told to do; the first line of its standard input, as JSON.
///
/// @param host and `port`: the collector that all its cars connect to
/// @param generator makes the events
/// @param cars of the whole fleet
/// @param eventsPerSecond of the whole fleet
/// @param slice which of `slices` this process drives
/// @param password for CONNECT; empty for none
record CarsOrder(
        String host,
        int port,
        String generator,
        long seed,
        int cars,
        double eventsPerSecond,
        int slice,
        int slices,
        List<CarTopic> topics,
        String password) {

    CarsOrder {
        topics = List.copyOf(topics);
    }

    /// How many cars this process drives.
    int ownCars() {
        return cars <= slice ? 0 : (cars - slice - 1) / slices + 1;
    }
}
