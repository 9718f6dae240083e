package leat.stream.collector.mqtt;

import io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect;
import java.util.Locale;

/// Why a connection ended, with the code that a client of MQTT 5 is told.
enum End {
    /// The client said DISCONNECT.
    CLIENT(Disconnect.NORMAL_DISCONNECT),
    /// The connection broke.
    BROKEN(Disconnect.UNSPECIFIED_ERROR),
    KEEP_ALIVE(Disconnect.KEEP_ALIVE_TIMEOUT),
    TAKEN_OVER(Disconnect.SESSION_TAKEN_OVER),
    MALFORMED(Disconnect.MALFORMED_PACKET),
    PROTOCOL(Disconnect.PROTOCOL_ERROR),
    TOO_LARGE(Disconnect.PACKET_TOO_LARGE),
    TOPIC_ALIAS(Disconnect.TOPIC_ALIAS_INVALID),
    /// Too much of the collector's memory is taken, and this client holds part of it.
    BUSY(Disconnect.SERVER_BUSY),
    /// A message of a client of MQTT 3.1.1 cannot be stored, for which it has no answer.
    UNSTORABLE(Disconnect.IMPLEMENTATION_SPECIFIC_ERROR),
    /// The client's key is good no more.
    UNAUTHENTICATED(Disconnect.NOT_AUTHORIZED),
    SHUTDOWN(Disconnect.SERVER_SHUTTING_DOWN);

    private final Disconnect code;

    End(Disconnect code) {
        this.code = code;
    }

    Disconnect code() {
        return code;
    }

    /// Whether the client's will is published.
    boolean publishesWill() {
        return this != CLIENT && this != SHUTDOWN;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
