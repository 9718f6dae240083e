package leat.stream.collector.mqtt;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import leat.core.failpoint.FailPoint;
import leat.core.outcome.Reason;
import leat.stream.collector.IncomingBatch;
import leat.stream.collector.IncomingBatch.IdempotencyKey;
import leat.stream.collector.IncomingEvent;
import leat.stream.collector.Inlet;
import leat.stream.collector.Receipt;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Denial;
import leat.stream.collector.listen.Listener;
import leat.stream.collector.mqtt.Pending.Fate;

/// The messages of one connection on their way to the log: each is handed over at once, and again
/// until what becomes of it is known.
///
/// Everything here happens on the connection's event loop.
@SuppressWarnings("FutureReturnValueIgnored") // a retry ends with the loop
final class Publishing {

    private static final long FIRST_RETRY_MILLIS = 100;
    private static final long LAST_RETRY_MILLIS = 5_000;

    private final MqttConnection.Door door;
    private final Client client;
    private long messages;

    /// Who waits for the fates of messages.
    interface Client {
        /// Another number for each connection of this process.
        long number();

        /// A message is settled.
        void answer(ChannelHandlerContext ctx);

        void end(ChannelHandlerContext ctx, End cause, String reason);

        boolean ended();
    }

    /// What is handed over, the same at each attempt.
    private record Handed(Caller caller, Pending message, Inlet inlet, IncomingBatch batch) {}

    Publishing(MqttConnection.Door door, Client client) {
        this.door = door;
        this.client = client;
    }

    /// Settles a message now or later.
    ///
    /// @param added counted already
    void publish(
            ChannelHandlerContext ctx, Caller caller, Pending added, MqttPublishMessage message) {
        String topic = message.variableHeader().topicName();
        Optional<MqttRoutes.Destination> destination = door.routes().find(topic);
        if (destination.isEmpty()) {
            added.settle(
                    Fate.NO_TOPIC,
                    "no events belong on topic '" + topic + "', only on " + door.routes().shapes());
            client.answer(ctx);
            return;
        }
        switch (PublishedEvent.of(
                ByteBufUtil.getBytes(message.payload()),
                message.variableHeader().properties(),
                destination.get())) {
            case PublishedEvent.Unusable(String reason) -> {
                added.settle(Fate.UNREADABLE, reason);
                client.answer(ctx);
            }
            case PublishedEvent.Usable(IncomingEvent event) ->
                    handOver(
                            ctx,
                            new Handed(caller, added, destination.get().inlet(), batch(event)));
        }
    }

    /// An event under a name for the case that it has no id of its own, the same at each attempt to
    /// store it.
    IncomingBatch batch(IncomingEvent event) {
        return new IncomingBatch(
                List.of(event),
                Optional.of(
                        new IdempotencyKey(door.startId() + "/" + client.number(), messages++)));
    }

    private void handOver(ChannelHandlerContext ctx, Handed handed) {
        FailPoint.reach("mqtt.before-accept");
        handed.message().attempts++;
        door.intake()
                .accept(
                        handed.caller(),
                        handed.inlet(),
                        handed.batch(),
                        receipt -> Listener.onLoop(ctx, () -> settled(ctx, handed, receipt)));
    }

    private void settled(ChannelHandlerContext ctx, Handed handed, Receipt receipt) {
        if (client.ended()) {
            return;
        }
        Pending message = handed.message();
        switch (receipt) {
            case Receipt.Settled(List<Receipt.Item> items, int _) ->
                    settle(message, items.getFirst());
            case Receipt.Denied(Denial denial) -> {
                if (denial.kind() == Denial.Kind.UNAUTHENTICATED) {
                    client.end(ctx, End.UNAUTHENTICATED, denial.message());
                    return;
                }
                message.settle(Fate.FORBIDDEN, denial.message());
            }
            case Receipt.Throttled(long retryAfterMillis) -> {
                later(ctx, handed, retryAfterMillis);
                return;
            }
            case Receipt.Unavailable _ -> {
                long millis = FIRST_RETRY_MILLIS << Math.min(10, message.attempts - 1);
                later(ctx, handed, Math.min(LAST_RETRY_MILLIS, millis));
                return;
            }
        }
        client.answer(ctx);
    }

    private void later(ChannelHandlerContext ctx, Handed handed, long millis) {
        ctx.executor()
                .schedule(
                        () -> {
                            if (!client.ended()) {
                                handOver(ctx, handed);
                            }
                        },
                        Math.max(1, millis),
                        TimeUnit.MILLISECONDS);
    }

    private static void settle(Pending message, Receipt.Item item) {
        switch (item) {
            case Receipt.Accepted _ -> message.settle(Fate.STORED, "");
            case Receipt.Dead dead -> message.settle(Fate.DEAD, words(dead.reasons()));
            case Receipt.Refused refused -> message.settle(Fate.REFUSED, words(refused.reasons()));
        }
    }

    private static String words(List<Reason> reasons) {
        Reason first = reasons.getFirst();
        return (first.field().isEmpty() ? "" : first.field() + ": ") + first.message();
    }
}
