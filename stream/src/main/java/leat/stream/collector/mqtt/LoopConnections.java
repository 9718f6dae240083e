package leat.stream.collector.mqtt;

import java.util.ArrayList;
import java.util.List;

/// The connections of one event loop, looked at once a tick instead of by a timer each. Everything
/// here happens on that loop.
final class LoopConnections {

    static final int TICK_MILLIS = 250;

    private final List<MqttConnection> open = new ArrayList<>();
    private int tick;

    /// Counts up once a tick.
    int tick() {
        return tick;
    }

    void add(MqttConnection connection) {
        connection.place = open.size();
        open.add(connection);
    }

    void remove(MqttConnection connection) {
        MqttConnection last = open.removeLast();
        if (last != connection) {
            open.set(connection.place, last);
            last.place = connection.place;
        }
    }

    /// Lets every connection end in order.
    void drain() {
        List.copyOf(open).forEach(MqttConnection::drain);
    }

    /// Looks at every connection; one that ends takes itself out and is not missed, since the loop
    /// goes from the back.
    void next() {
        tick++;
        for (int i = open.size() - 1; i >= 0; i--) {
            if (i < open.size()) {
                open.get(i).check();
            }
        }
    }
}
