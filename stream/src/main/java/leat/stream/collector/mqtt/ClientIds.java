package leat.stream.collector.mqtt;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Which connection of this process is which client's. A client that connects again takes over: its
/// former connection ends.
final class ClientIds {

    private final Map<String, MqttConnection> connections = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /// Gives a connection its number, and ends the one that had the id before it.
    void connected(String clientId, MqttConnection connection) {
        connection.number = numbers.incrementAndGet();
        MqttConnection former = connections.put(clientId, connection);
        if (former != null) {
            former.takeOver();
        }
    }

    void disconnected(String clientId, MqttConnection connection) {
        connections.remove(clientId, connection);
    }

    /// This process reads its own announcement of a connection in the log.
    void announced(String clientId, long number) {
        MqttConnection connection = connections.get(clientId);
        if (connection != null && connection.number == number) {
            connection.announced = true;
        }
    }

    /// Another process announced the client: a connection here that was announced before ends. One
    /// that is announced only after it is the newer and stays.
    void connectedElsewhere(String clientId) {
        MqttConnection connection = connections.get(clientId);
        if (connection != null && connection.announced) {
            connection.takeOver();
        }
    }
}
