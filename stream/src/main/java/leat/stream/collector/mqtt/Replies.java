package leat.stream.collector.mqtt;

import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.StringProperty;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodes.PubAck;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubAckPayload;
import java.util.Collections;

/// The packets that the door sends.
final class Replies {

    /// SUBACK's code for a refused filter in 3.1.1, and its implementation specific error in 5.
    private static final int SUBSCRIPTION_FAILED = 0x80;

    private static final int SUBSCRIPTION_FAILED_5 = 0x83;
    private static final short NO_SUBSCRIPTION_EXISTED = 0x11;
    private static final byte NO_SUCH_PACKET = (byte) 0x92;
    static final String NO_SUBSCRIPTIONS =
            "this is a door for events, nothing is sent from it: let a broker that bridges here"
                    + " serve subscribers";

    private Replies() {}

    static MqttMessage refused(MqttConnectReturnCode code, boolean version5, String reason) {
        return MqttMessageBuilders.connAck()
                .returnCode(code)
                .sessionPresent(false)
                .properties(version5 ? reason(reason) : MqttProperties.NO_PROPERTIES)
                .build();
    }

    static MqttMessage accepted(MqttProperties properties) {
        return MqttMessageBuilders.connAck()
                .returnCode(MqttConnectReturnCode.CONNECTION_ACCEPTED)
                .sessionPresent(false)
                .properties(properties)
                .build();
    }

    /// PUBACK for QoS 1, PUBREC for QoS 2.
    static MqttMessage settled(Pending pending, boolean version5) {
        PubAck code = code(pending.fate);
        return reply(
                pending.qos == MqttQoS.AT_LEAST_ONCE
                        ? MqttMessageType.PUBACK
                        : MqttMessageType.PUBREC,
                pending.packetId,
                version5 ? code.byteValue() : PubAck.SUCCESS.byteValue(),
                version5 && code != PubAck.SUCCESS
                        ? reason(pending.reason)
                        : MqttProperties.NO_PROPERTIES);
    }

    private static PubAck code(Pending.Fate fate) {
        return switch (fate) {
            case OPEN, STORED -> PubAck.SUCCESS;
            case DEAD, UNREADABLE -> PubAck.PAYLOAD_FORMAT_INVALID;
            case REFUSED -> PubAck.IMPLEMENTATION_SPECIFIC_ERROR;
            case FORBIDDEN -> PubAck.NOT_AUTHORIZED;
            case NO_TOPIC -> PubAck.TOPIC_NAME_INVALID;
        };
    }

    /// PUBREC for a message of QoS 2 that came again.
    static MqttMessage receivedAgain(int packetId) {
        return reply(
                MqttMessageType.PUBREC,
                packetId,
                PubAck.SUCCESS.byteValue(),
                MqttProperties.NO_PROPERTIES);
    }

    /// @param known whether a PUBREC was sent for it
    static MqttMessage complete(int packetId, boolean known, boolean version5) {
        return reply(
                MqttMessageType.PUBCOMP,
                packetId,
                known || !version5 ? PubAck.SUCCESS.byteValue() : NO_SUCH_PACKET,
                MqttProperties.NO_PROPERTIES);
    }

    private static MqttMessage reply(
            MqttMessageType type, int packetId, byte code, MqttProperties properties) {
        return new MqttMessage(
                new MqttFixedHeader(type, false, MqttQoS.AT_MOST_ONCE, false, 0),
                new MqttPubReplyMessageVariableHeader(packetId, code, properties));
    }

    /// Says no to each of so many filters.
    static MqttMessage noSubscriptions(int packetId, int filters, boolean version5) {
        MqttFixedHeader header =
                new MqttFixedHeader(MqttMessageType.SUBACK, false, MqttQoS.AT_MOST_ONCE, false, 0);
        MqttSubAckPayload codes =
                new MqttSubAckPayload(
                        Collections.nCopies(
                                filters, version5 ? SUBSCRIPTION_FAILED_5 : SUBSCRIPTION_FAILED));
        return version5
                ? new MqttSubAckMessage(
                        header,
                        new MqttMessageIdAndPropertiesVariableHeader(
                                packetId, reason(NO_SUBSCRIPTIONS)),
                        codes)
                : new MqttSubAckMessage(header, MqttMessageIdVariableHeader.from(packetId), codes);
    }

    static MqttMessage unsubscribed(int packetId, int filters) {
        MqttMessageBuilders.UnsubAckBuilder builder =
                MqttMessageBuilders.unsubAck().packetId(packetId);
        for (int i = 0; i < filters; i++) {
            builder.addReasonCode(NO_SUBSCRIPTION_EXISTED);
        }
        return builder.build();
    }

    static MqttMessage disconnect(End cause, String reason) {
        return MqttMessageBuilders.disconnect()
                .reasonCode(cause.code().byteValue())
                .properties(reason.isEmpty() ? MqttProperties.NO_PROPERTIES : reason(reason))
                .build();
    }

    private static MqttProperties reason(String text) {
        MqttProperties properties = new MqttProperties();
        properties.add(new StringProperty(MqttProperties.REASON_STRING, text));
        return properties;
    }
}
