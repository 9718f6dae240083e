package leat.stream.collector.mqtt;

import io.netty.handler.codec.mqtt.MqttQoS;

/// A message between its PUBLISH and its acknowledgement.
final class Pending {

    final MqttQoS qos;
    final int packetId;
    final int sizeBytes;
    int attempts;
    Fate fate = Fate.OPEN;
    String reason = "";

    /// What became of a message, as far as its acknowledgement differs.
    enum Fate {
        OPEN,
        /// The log has it, among the raw events.
        STORED,
        /// The log has it, among the dead letters.
        DEAD,
        /// It is stored nowhere, and would not be if it came again.
        REFUSED,
        /// The client may not send it.
        FORBIDDEN,
        /// Its topic is of no template.
        NO_TOPIC,
        /// Its content type is none that the contract takes.
        UNREADABLE
    }

    Pending(MqttQoS qos, int packetId, int sizeBytes) {
        this.qos = qos;
        this.packetId = packetId;
        this.sizeBytes = sizeBytes;
    }

    /// Whether it is the message of QoS 2 with that id.
    boolean isExactly(int id) {
        return qos == MqttQoS.EXACTLY_ONCE && packetId == id;
    }

    /// Whether the log has it.
    boolean isStored() {
        return fate == Fate.STORED || fate == Fate.DEAD;
    }

    void settle(Fate reached, String why) {
        fate = reached;
        reason = why;
    }
}
