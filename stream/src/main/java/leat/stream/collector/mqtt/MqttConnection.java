package leat.stream.collector.mqtt;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import leat.core.failpoint.FailPoint;
import leat.stream.collector.EventIntake;
import leat.stream.collector.IncomingBatch;
import leat.stream.collector.listen.Listener;
import leat.stream.collector.tls.DoorTls;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's connection: reads messages and acknowledges them in their order when the log has
/// their events. Everything here happens on the connection's event loop.
// A failed write or close ends the connection, which channelInactive sees to.
@SuppressWarnings("FutureReturnValueIgnored")
final class MqttConnection extends ChannelInboundHandlerAdapter implements Publishing.Client {

    private static final Logger LOG = LoggerFactory.getLogger(MqttConnection.class);

    /// What one connection may hold of an unfinished message while the collector is full.
    private static final int SMALL_BYTES = 4 << 10;

    private final Door door;
    private final LoopConnections loop;
    private final OpenMessages open;
    private final Publishing publishing;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Session session;

    /// Bytes that have come and are of no whole message yet.
    private int heldBytes;

    /// What of them counts as the collector's bytes in flight.
    private int takenBytes;

    private int lastReadTick;
    private boolean paused;
    private boolean draining;
    private boolean ended;
    private boolean needsFlush;

    /// Where it stands in its loop's list.
    int place;

    /// Its number in this process; 0 before it is connected.
    volatile long number;

    /// Whether its announcement has been read back from the log.
    volatile boolean announced;

    /// What all connections of a door share.
    interface Door {
        EventIntake intake();

        MqttSettings settings();

        MqttRoutes routes();

        MqttMetrics metrics();

        /// What a message may have at most, topic and properties included.
        int maxPacketBytes();

        /// Another text at each start of a door.
        String startId();

        /// A client was let in by this connection.
        void connected(String clientId, MqttConnection connection);

        void disconnected(String clientId, MqttConnection connection);

        void publishWill(Session session, Session.Will will, IncomingBatch batch);

        /// A message of a client is stored nowhere.
        void refused(String clientId, Pending message);
    }

    MqttConnection(Door door, LoopConnections loop) {
        this.door = door;
        this.loop = loop;
        this.open =
                new OpenMessages(door.intake().bytesInFlight(), door.intake().requestsInFlight());
        this.publishing = new Publishing(door, this);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        lastReadTick = loop.tick();
        loop.add(this);
    }

    void received(int bytes) {
        heldBytes += bytes;
        lastReadTick = loop.tick();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object object) {
        MqttMessage message = (MqttMessage) object;
        try {
            if (ended) {
                return;
            }
            if (message.decoderResult().isFailure()) {
                undecodable(ctx, message);
                return;
            }
            heldBytes -= sizeBytes(message);
            handle(ctx, message);
        } finally {
            ReferenceCountUtil.release(object);
        }
    }

    /// A fixed header is a byte and the length in sevens of bits.
    private static int sizeBytes(MqttMessage message) {
        int length = message.fixedHeader().remainingLength();
        return length + (length < 1 << 7 ? 2 : length < 1 << 14 ? 3 : length < 1 << 21 ? 4 : 5);
    }

    private void undecodable(ChannelHandlerContext ctx, MqttMessage message) {
        Throwable cause = message.decoderResult().cause();
        if (session == null) {
            ConnectCheck.undecodable(cause)
                    .ifPresent(refused -> {
                        door.metrics().connect(refused.word());
                        write(ctx, refused.answer());
                    });
            close(ctx);
        } else {
            end(
                    ctx,
                    cause instanceof TooLongFrameException ? End.TOO_LARGE : End.MALFORMED,
                    String.valueOf(cause.getMessage()));
        }
    }

    private void handle(ChannelHandlerContext ctx, MqttMessage message) {
        Session current = session;
        if (current == null) {
            if (message instanceof MqttConnectMessage connect) {
                connect(ctx, connect);
            } else {
                close(ctx);
            }
            return;
        }
        switch (message.fixedHeader().messageType()) {
            case PUBLISH -> publish(ctx, current, (MqttPublishMessage) message);
            case PUBREL -> release(ctx, current, packetId(message));
            case PINGREQ -> write(ctx, MqttMessage.PINGRESP);
            case DISCONNECT -> disconnected(ctx, current, message);
            case SUBSCRIBE -> {
                MqttSubscribeMessage subscribe = (MqttSubscribeMessage) message;
                write(
                        ctx,
                        Replies.noSubscriptions(
                                subscribe.variableHeader().messageId(),
                                subscribe.payload().topicSubscriptions().size(),
                                current.isVersion5()));
            }
            case UNSUBSCRIBE -> {
                MqttUnsubscribeMessage unsubscribe = (MqttUnsubscribeMessage) message;
                write(
                        ctx,
                        Replies.unsubscribed(
                                unsubscribe.variableHeader().messageId(),
                                unsubscribe.payload().topics().size()));
            }
            case CONNECT, CONNACK, PUBACK, PUBREC, PUBCOMP, SUBACK, UNSUBACK, PINGRESP, AUTH ->
                    end(
                            ctx,
                            End.PROTOCOL,
                            "a client does not send "
                                    + message.fixedHeader().messageType()
                                    + " here");
        }
    }

    private static int packetId(MqttMessage message) {
        return ((MqttMessageIdVariableHeader) message.variableHeader()).messageId();
    }

    private void connect(ChannelHandlerContext ctx, MqttConnectMessage message) {
        switch (ConnectCheck.of(message, DoorTls.credentials(ctx.channel()), door)) {
            case ConnectCheck.Refused refused -> {
                door.metrics().connect(refused.word());
                write(ctx, refused.answer());
                close(ctx);
            }
            case ConnectCheck.Accepted(Session accepted, MqttMessage answer) -> {
                session = accepted;
                door.metrics().connect("accepted");
                door.metrics().sessions.incrementAndGet();
                door.connected(accepted.clientId(), this);
                write(ctx, answer);
            }
        }
    }

    private void publish(ChannelHandlerContext ctx, Session current, MqttPublishMessage message) {
        MqttProperties properties = message.variableHeader().properties();
        if (properties.getProperty(MqttProperties.TOPIC_ALIAS) != null) {
            end(ctx, End.TOPIC_ALIAS, "Topic Alias Maximum is 0 here");
            return;
        }
        MqttQoS qos = message.fixedHeader().qosLevel();
        int packetId = qos == MqttQoS.AT_MOST_ONCE ? 0 : message.variableHeader().packetId();
        if (qos == MqttQoS.EXACTLY_ONCE && isAgain(ctx, packetId)) {
            return;
        }
        Pending added = new Pending(qos, packetId, message.payload().readableBytes());
        open.add(added);
        pauseOrRead();
        publishing.publish(ctx, current.caller(), added, message);
    }

    /// Whether a message of QoS 2 is here already: it is not stored again.
    private boolean isAgain(ChannelHandlerContext ctx, int packetId) {
        OpenMessages.Again again = open.again(packetId);
        if (again == OpenMessages.Again.UNRELEASED) {
            write(ctx, Replies.receivedAgain(packetId));
        }
        return again != OpenMessages.Again.NO;
    }

    /// Acknowledges the settled messages up to the first that is not.
    @Override
    public void answer(ChannelHandlerContext ctx) {
        Session current = session;
        while (!ended && current != null) {
            Pending settled = open.nextSettled();
            if (settled == null) {
                break;
            }
            door.metrics().settled(settled);
            acknowledge(ctx, current, settled);
        }
        if (draining && open.nonePending()) {
            end(ctx, End.SHUTDOWN, "");
            return;
        }
        pauseOrRead();
        flush(ctx);
    }

    private void acknowledge(ChannelHandlerContext ctx, Session current, Pending first) {
        boolean stored = first.isStored();
        if (!stored) {
            door.refused(current.clientId(), first);
        }
        if (first.qos == MqttQoS.AT_MOST_ONCE) {
            return;
        }
        if (!stored && !current.isVersion5()) {
            // An acknowledgement would say that the log has it, and there is no other.
            end(ctx, End.UNSTORABLE, first.reason);
            return;
        }
        FailPoint.reach("mqtt.before-ack");
        write(ctx, Replies.settled(first, current.isVersion5()));
        if (first.qos == MqttQoS.EXACTLY_ONCE && (stored || !current.isVersion5())) {
            open.awaitRelease(first.packetId);
        }
    }

    private void release(ChannelHandlerContext ctx, Session current, int packetId) {
        boolean known = open.release(packetId);
        write(ctx, Replies.complete(packetId, known, current.isVersion5()));
        pauseOrRead();
    }

    private void disconnected(ChannelHandlerContext ctx, Session current, MqttMessage message) {
        boolean withWill =
                current.isVersion5()
                        && message.variableHeader()
                                instanceof MqttReasonCodeAndPropertiesVariableHeader header
                        && header.reasonCode()
                                == Disconnect.DISCONNECT_WITH_WILL_MESSAGE.byteValue();
        finish(withWill ? End.BROKEN : End.CLIENT);
        close(ctx);
    }

    /// Reads no more from a client that has too much under way, or while the collector is full.
    private void pauseOrRead() {
        ChannelHandlerContext ctx = context;
        if (ctx == null || ended || draining) {
            return;
        }
        int count = open.count();
        int limit = door.settings().maxInFlight();
        boolean full =
                door.intake().bytesInFlight().exhausted()
                        || door.intake().requestsInFlight().exhausted();
        boolean pause = paused ? count > limit / 2 || full : count >= limit || full;
        if (pause != paused) {
            paused = pause;
            lastReadTick = loop.tick();
            ctx.channel().config().setAutoRead(!pause);
        }
    }

    /// Called once a tick: ends what is silent too long, and reads again where it can go on.
    void check() {
        ChannelHandlerContext ctx = context;
        if (ctx == null || draining) {
            return;
        }
        if (paused) {
            pauseOrRead();
            return;
        }
        int silentTicks = loop.tick() - lastReadTick;
        Session current = session;
        if (current == null) {
            long limitMillis = door.settings().connectTimeout().toMillis();
            if ((long) silentTicks * LoopConnections.TICK_MILLIS > limitMillis) {
                door.metrics().connect("timeout");
                close(ctx);
            }
        } else if (current.keepAliveTicks() > 0 && silentTicks > current.keepAliveTicks()) {
            end(ctx, End.KEEP_ALIVE, "nothing came for one and a half times the keep-alive");
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!ended) {
            EventIntake intake = door.intake();
            intake.bytesInFlight().take(heldBytes - takenBytes);
            takenBytes = heldBytes;
            if (heldBytes > SMALL_BYTES && intake.bytesInFlight().exhausted()) {
                end(ctx, End.BUSY, "the collector holds as much as it may");
            }
        }
        flush(ctx);
    }

    /// The same client has connected again, here or at another collector. From any thread.
    void takeOver() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            Listener.onLoop(
                    ctx, () -> end(ctx, End.TAKEN_OVER, "the client id has connected again"));
        }
    }

    /// Reads no more, and ends the connection once everything is acknowledged that was read.
    void drain() {
        draining = true;
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        ctx.channel().config().setAutoRead(false);
        if (open.nonePending()) {
            end(ctx, End.SHUTDOWN, "");
        }
    }

    @Override
    public void end(ChannelHandlerContext ctx, End cause, String reason) {
        Session current = session;
        if (ended || current == null) {
            close(ctx);
            return;
        }
        finish(cause);
        if (current.isVersion5()) {
            write(ctx, Replies.disconnect(cause, reason));
        }
        close(ctx);
    }

    /// Forgets everything of the connection, once; the will is an event from now on.
    private void finish(End cause) {
        if (ended) {
            return;
        }
        ended = true;
        door.intake().bytesInFlight().giveBack(takenBytes);
        takenBytes = 0;
        open.forget();
        Session current = session;
        if (current == null) {
            return;
        }
        door.metrics().sessions.decrementAndGet();
        door.metrics().ended(cause);
        door.disconnected(current.clientId(), this);
        Session.Will will = current.will();
        if (will != null && cause.publishesWill()) {
            door.publishWill(current, will, publishing.batch(will.event()));
        }
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        finish(End.BROKEN);
        loop.remove(this);
        context = null;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.atWarn().setCause(cause).log("An MQTT connection failed");
        }
        finish(End.BROKEN);
        ctx.close();
    }

    private void write(ChannelHandlerContext ctx, MqttMessage message) {
        ctx.write(message);
        needsFlush = true;
    }

    private void flush(ChannelHandlerContext ctx) {
        if (needsFlush) {
            needsFlush = false;
            ctx.flush();
        }
    }

    private void close(ChannelHandlerContext ctx) {
        if (session == null) {
            // Gives back what was read; there is no will, and no session to end.
            finish(End.BROKEN);
        }
        needsFlush = false;
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
}
