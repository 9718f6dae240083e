package leat.bench.mqtt;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One car's connection: MQTT 3.1.1, QoS 1. The collector acknowledges in order, so that a queue of
/// the times when events were due is all that is kept.
// A failed write or close ends the connection, which channelInactive sees to.
@SuppressWarnings("FutureReturnValueIgnored")
final class CarConnection extends ChannelInboundHandlerAdapter {

    private static final MqttFixedHeader PUBLISH =
            new MqttFixedHeader(MqttMessageType.PUBLISH, false, MqttQoS.AT_LEAST_ONCE, false, 0);
    private static final int MOST_PACKET_ID = 65_535;

    private final SimulatedCars cars;
    private final int index;
    private @Nullable ChannelHandlerContext context;
    private boolean letIn;
    private String failure = "the connection was closed";
    private int lastSentId;
    private int lastAckedId;

    /// When the events were due that wait for their acknowledgement, the oldest at `head`.
    private long[] due = new long[2];

    private int head;
    private int waiting;

    CarConnection(SimulatedCars cars, int index) {
        this.cars = cars;
        this.index = index;
    }

    int index() {
        return index;
    }

    /// Events without an acknowledgement.
    int waiting() {
        return waiting;
    }

    boolean isOpen() {
        return letIn && context != null;
    }

    String failure() {
        return failure;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        MqttMessageBuilders.ConnectBuilder connect =
                MqttMessageBuilders.connect()
                        .protocolVersion(MqttVersion.MQTT_3_1_1)
                        .clientId(cars.clientId(index))
                        .cleanSession(true)
                        .keepAlive(cars.keepAliveSeconds());
        if (!cars.password().isEmpty()) {
            connect.username("car")
                    .hasPassword(true)
                    .password(cars.password().getBytes(StandardCharsets.UTF_8));
        }
        ctx.writeAndFlush(connect.build(), ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object object) {
        MqttMessage message = (MqttMessage) object;
        try {
            if (message.decoderResult().isFailure()) {
                fail(ctx, "an answer cannot be read: " + message.decoderResult().cause());
                return;
            }
            switch (message.fixedHeader().messageType()) {
                case CONNACK -> answered(ctx, (MqttConnAckMessage) message);
                case PUBACK ->
                        acknowledged(
                                ctx,
                                ((MqttMessageIdVariableHeader) message.variableHeader())
                                        .messageId());
                case CONNECT,
                        PUBLISH,
                        PUBREC,
                        PUBREL,
                        PUBCOMP,
                        SUBSCRIBE,
                        SUBACK,
                        UNSUBSCRIBE,
                        UNSUBACK,
                        PINGREQ,
                        PINGRESP,
                        DISCONNECT,
                        AUTH ->
                        fail(ctx, "a collector does not send " + message.fixedHeader());
            }
        } finally {
            ReferenceCountUtil.release(object);
        }
    }

    private void answered(ChannelHandlerContext ctx, MqttConnAckMessage answer) {
        MqttConnectReturnCode code = answer.variableHeader().connectReturnCode();
        if (code == MqttConnectReturnCode.CONNECTION_ACCEPTED) {
            letIn = true;
            cars.letIn();
        } else {
            fail(ctx, "CONNECT was refused: " + code);
        }
    }

    private void acknowledged(ChannelHandlerContext ctx, int packetId) {
        int expected = lastAckedId % MOST_PACKET_ID + 1;
        if (waiting == 0 || packetId != expected) {
            fail(ctx, "PUBACK for message " + packetId + " instead of " + expected);
            return;
        }
        lastAckedId = packetId;
        long dueMicros = due[head];
        head = (head + 1) % due.length;
        waiting--;
        cars.acknowledged(dueMicros);
    }

    /// Publishes an event that was due at `dueMicros`.
    void publish(String topic, byte[] payload, long dueMicros) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        if (waiting == due.length) {
            grow();
        }
        due[(head + waiting) % due.length] = dueMicros;
        waiting++;
        lastSentId = lastSentId % MOST_PACKET_ID + 1;
        ctx.writeAndFlush(
                new MqttPublishMessage(
                        PUBLISH,
                        new MqttPublishVariableHeader(topic, lastSentId),
                        Unpooled.wrappedBuffer(payload)),
                ctx.voidPromise());
    }

    private void grow() {
        long[] larger = new long[2 * due.length];
        for (int i = 0; i < waiting; i++) {
            larger[i] = due[(head + i) % due.length];
        }
        due = larger;
        head = 0;
    }

    /// Says goodbye and closes.
    void disconnect() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.writeAndFlush(MqttMessage.DISCONNECT, ctx.voidPromise());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (context != null) {
            context = null;
            cars.ended(this, letIn);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failure = String.valueOf(cause.getMessage());
        ctx.close();
    }

    private void fail(ChannelHandlerContext ctx, String why) {
        failure = why;
        ctx.close();
    }
}
