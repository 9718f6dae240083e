package leat.stream.collector.mqtt;

import io.netty.buffer.ByteBufUtil;
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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import leat.core.failpoint.FailPoint;
import leat.core.outcome.Reason;
import leat.stream.collector.EventIntake;
import leat.stream.collector.IncomingBatch;
import leat.stream.collector.IncomingBatch.IdempotencyKey;
import leat.stream.collector.IncomingEvent;
import leat.stream.collector.Inlet;
import leat.stream.collector.Receipt;
import leat.stream.collector.access.Denial;
import leat.stream.collector.listen.Listener;
import leat.stream.collector.mqtt.Pending.Fate;
import leat.stream.collector.tls.DoorTls;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's connection: reads messages, hands their events over and acknowledges them in their
/// order when the log has them. Everything here happens on the connection's event loop.
// A failed write or close ends the connection, which channelInactive sees to.
@SuppressWarnings("FutureReturnValueIgnored")
final class MqttConnection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(MqttConnection.class);

    /// What one connection may hold of an unfinished message while the collector is full.
    private static final int SMALL_BYTES = 4 << 10;

    private static final long FIRST_RETRY_MILLIS = 100;
    private static final long LAST_RETRY_MILLIS = 5_000;

    private final Door door;
    private final LoopConnections loop;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Session session;

    /// Messages without their acknowledgement, in their order; `null` while there are none.
    private @Nullable Deque<Pending> pending;

    /// Messages of QoS 2 that wait for their PUBREL; `null` while there are none.
    private @Nullable Set<Integer> unreleased;

    private int heldBytes;
    private int takenBytes;
    private int lastReadTick;
    private long messages;
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
        byte[] payload = ByteBufUtil.getBytes(message.payload());
        Pending added = new Pending(qos, packetId, payload.length);
        add(added);
        String topic = message.variableHeader().topicName();
        Optional<MqttRoutes.Destination> destination = door.routes().find(topic);
        if (destination.isEmpty()) {
            added.settle(
                    Fate.NO_TOPIC,
                    "no events belong on topic '" + topic + "', only on " + door.routes().shapes());
            answer(ctx);
            return;
        }
        switch (PublishedEvent.of(payload, properties, destination.get())) {
            case PublishedEvent.Unusable(String reason) -> {
                added.settle(Fate.UNREADABLE, reason);
                answer(ctx);
            }
            case PublishedEvent.Usable(IncomingEvent event) ->
                    handOver(
                            ctx,
                            current,
                            added,
                            destination.get().inlet(),
                            new IncomingBatch(List.of(event), Optional.of(idempotency())));
        }
    }

    /// Names an event that has no id of its own, the same at each attempt to store it.
    private IdempotencyKey idempotency() {
        return new IdempotencyKey(door.startId() + "/" + number, messages++);
    }

    /// Whether a message of QoS 2 is here already: it is not stored again.
    private boolean isAgain(ChannelHandlerContext ctx, int packetId) {
        if (unreleased != null && unreleased.contains(packetId)) {
            write(ctx, Replies.receivedAgain(packetId));
            return true;
        }
        return pending != null
                && pending.stream()
                        .anyMatch(p -> p.qos == MqttQoS.EXACTLY_ONCE && p.packetId == packetId);
    }

    private void add(Pending added) {
        Deque<Pending> queue = pending;
        if (queue == null) {
            queue = new ArrayDeque<>(4);
            pending = queue;
        }
        queue.add(added);
        EventIntake intake = door.intake();
        intake.bytesInFlight().take(added.sizeBytes);
        intake.requestsInFlight().take(1);
        pauseOrRead();
    }

    private void handOver(
            ChannelHandlerContext ctx,
            Session current,
            Pending handed,
            Inlet inlet,
            IncomingBatch batch) {
        FailPoint.reach("mqtt.before-accept");
        handed.attempts++;
        door.intake()
                .accept(
                        current.caller(),
                        inlet,
                        batch,
                        receipt ->
                                Listener.onLoop(
                                        ctx,
                                        () ->
                                                settled(
                                                        ctx,
                                                        handed,
                                                        receipt,
                                                        () ->
                                                                handOver(
                                                                        ctx, current, handed, inlet,
                                                                        batch))));
    }

    /// @param again hands the message over once more
    private void settled(
            ChannelHandlerContext ctx, Pending handed, Receipt receipt, Runnable again) {
        if (ended) {
            return;
        }
        switch (receipt) {
            case Receipt.Settled(List<Receipt.Item> items, int _) ->
                    settle(handed, items.getFirst());
            case Receipt.Denied(Denial denial) -> {
                if (denial.kind() == Denial.Kind.UNAUTHENTICATED) {
                    end(ctx, End.UNAUTHENTICATED, denial.message());
                    return;
                }
                handed.settle(Fate.FORBIDDEN, denial.message());
            }
            case Receipt.Throttled(long retryAfterMillis) -> {
                later(ctx, again, retryAfterMillis);
                return;
            }
            case Receipt.Unavailable _ -> {
                long millis = FIRST_RETRY_MILLIS << Math.min(10, handed.attempts - 1);
                later(ctx, again, Math.min(LAST_RETRY_MILLIS, millis));
                return;
            }
        }
        answer(ctx);
    }

    private void later(ChannelHandlerContext ctx, Runnable again, long millis) {
        ctx.executor()
                .schedule(
                        () -> {
                            if (!ended) {
                                again.run();
                            }
                        },
                        Math.max(1, millis),
                        TimeUnit.MILLISECONDS);
    }

    private static void settle(Pending handed, Receipt.Item item) {
        switch (item) {
            case Receipt.Accepted _ -> handed.settle(Fate.STORED, "");
            case Receipt.Dead dead -> handed.settle(Fate.DEAD, words(dead.reasons()));
            case Receipt.Refused refused -> handed.settle(Fate.REFUSED, words(refused.reasons()));
        }
    }

    private static String words(List<Reason> reasons) {
        Reason first = reasons.getFirst();
        return (first.field().isEmpty() ? "" : first.field() + ": ") + first.message();
    }

    /// Acknowledges the settled messages up to the first that is not.
    private void answer(ChannelHandlerContext ctx) {
        Session current = session;
        Deque<Pending> queue = pending;
        while (!ended && current != null && queue != null && !queue.isEmpty()) {
            Pending first = queue.getFirst();
            if (first.fate == Fate.OPEN) {
                break;
            }
            queue.removeFirst();
            giveBack(first);
            door.metrics().settled(first);
            acknowledge(ctx, current, first);
        }
        if (queue != null && queue.isEmpty()) {
            pending = null;
        }
        if (draining && pending == null) {
            end(ctx, End.SHUTDOWN, "");
            return;
        }
        pauseOrRead();
        flush(ctx);
    }

    private void acknowledge(ChannelHandlerContext ctx, Session current, Pending first) {
        boolean stored = first.fate == Fate.STORED || first.fate == Fate.DEAD;
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
            Set<Integer> waiting = unreleased;
            if (waiting == null) {
                waiting = new HashSet<>();
                unreleased = waiting;
            }
            waiting.add(first.packetId);
        }
    }

    private void release(ChannelHandlerContext ctx, Session current, int packetId) {
        Set<Integer> waiting = unreleased;
        boolean known = waiting != null && waiting.remove(packetId);
        if (waiting != null && waiting.isEmpty()) {
            unreleased = null;
        }
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
        int open =
                (pending == null ? 0 : pending.size())
                        + (unreleased == null ? 0 : unreleased.size());
        int limit = door.settings().maxInFlight();
        boolean full =
                door.intake().bytesInFlight().exhausted()
                        || door.intake().requestsInFlight().exhausted();
        boolean pause = paused ? open > limit / 2 || full : open >= limit || full;
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
        if (pending == null) {
            end(ctx, End.SHUTDOWN, "");
        }
    }

    private void end(ChannelHandlerContext ctx, End cause, String reason) {
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
        EventIntake intake = door.intake();
        intake.bytesInFlight().giveBack(takenBytes);
        takenBytes = 0;
        if (pending != null) {
            pending.forEach(this::giveBack);
            pending = null;
        }
        Session current = session;
        if (current == null) {
            return;
        }
        door.metrics().sessions.decrementAndGet();
        door.metrics().ended(cause);
        door.disconnected(current.clientId(), this);
        Session.Will will = current.will();
        if (will != null && cause.publishesWill()) {
            door.publishWill(
                    current,
                    will,
                    new IncomingBatch(List.of(will.event()), Optional.of(idempotency())));
        }
    }

    private void giveBack(Pending settled) {
        door.intake().bytesInFlight().giveBack(settled.sizeBytes);
        door.intake().requestsInFlight().giveBack(1);
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
