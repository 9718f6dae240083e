package leat.stream.collector.syslog;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import leat.stream.collector.EventIntake;
import leat.stream.collector.IncomingBatch;
import leat.stream.collector.IncomingBatch.IdempotencyKey;
import leat.stream.collector.IncomingEvent;
import leat.stream.collector.Receipt;
import leat.stream.collector.access.Caller;
import leat.stream.collector.listen.Listener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One sender's connection: reads messages, hands them over one batch at a time, and reads no more
/// while enough of them wait: a slow log slows the sender. What was read goes on to the log when
/// the connection has ended, since its sender takes it for delivered.
///
/// Everything here happens on the connection's event loop.
@SuppressWarnings("FutureReturnValueIgnored") // what fails ends the connection
final class SyslogConnection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(SyslogConnection.class);
    private static final long FIRST_RETRY_MILLIS = 50;
    private static final long LAST_RETRY_MILLIS = 2_000;
    private static final long FULL_CHECK_MILLIS = 20;

    private final SyslogDoor door;
    private final String name;

    /// Messages that are not handed over.
    private List<IncomingEvent> waiting = new ArrayList<>();

    private long waitingBytes;
    private volatile int handedOver;
    private long messages;
    private boolean paused;
    private volatile boolean ended;
    private boolean draining;

    /// @param name another one for each connection of all doors
    SyslogConnection(SyslogDoor door, String name) {
        this.door = door;
        this.name = name;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        byte[] bytes = (byte[]) message;
        IncomingEvent event =
                new IncomingEvent(SyslogRecord.parse(bytes, Instant.now(), door.zone()).json());
        waiting.add(event);
        waitingBytes += event.payload().length;
        door.intake().bytesInFlight().take(event.payload().length);
        if (waiting.size() >= door.settings().maxInFlight()) {
            readOrPause(ctx);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        handOver(ctx);
        readOrPause(ctx);
    }

    private void handOver(ChannelHandlerContext ctx) {
        if (handedOver > 0 || waiting.isEmpty()) {
            return;
        }
        IncomingBatch batch =
                new IncomingBatch(waiting, Optional.of(new IdempotencyKey(name, messages)));
        long bytes = waitingBytes;
        messages += waiting.size();
        handedOver = waiting.size();
        waiting = new ArrayList<>();
        waitingBytes = 0;
        door.intake().requestsInFlight().take(1);
        accept(ctx, new Handed(batch, bytes), 0);
    }

    private record Handed(IncomingBatch batch, long bytes) {}

    private void accept(ChannelHandlerContext ctx, Handed handed, int attempt) {
        door.intake()
                .accept(
                        Caller.ANYONE,
                        door.inlet(),
                        handed.batch(),
                        receipt ->
                                Listener.onLoop(ctx, () -> settled(ctx, handed, receipt, attempt)));
    }

    private void settled(ChannelHandlerContext ctx, Handed handed, Receipt receipt, int attempt) {
        switch (receipt) {
            case Receipt.Settled(List<Receipt.Item> items, int _) -> {
                door.metrics().settled(items);
                giveBack(handed);
                handOver(ctx);
                if (handedOver == 0 && draining) {
                    close(ctx);
                } else if (!ended) {
                    readOrPause(ctx);
                }
                if (handedOver == 0) {
                    door.idle(this);
                }
            }
            case Receipt.Unavailable _ ->
                    again(
                            ctx,
                            handed,
                            attempt,
                            Math.min(
                                    LAST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(6, attempt)));
            case Receipt.Throttled(long retryAfterMillis) ->
                    again(ctx, handed, attempt, Math.max(1, retryAfterMillis));
            case Receipt.Denied denied ->
                    throw new IllegalStateException("anyone was denied: " + denied.denial());
        }
    }

    private void again(ChannelHandlerContext ctx, Handed handed, int attempt, long millis) {

        ctx.executor()
                .schedule(() -> accept(ctx, handed, attempt + 1), millis, TimeUnit.MILLISECONDS);
    }

    private void giveBack(Handed handed) {
        door.intake().bytesInFlight().giveBack(handed.bytes());
        door.intake().requestsInFlight().giveBack(1);
        handedOver = 0;
    }

    boolean isEnded() {
        return ended;
    }

    /// Messages that were read and are not known to be in the log.
    int open() {
        return handedOver + waiting.size();
    }

    /// Reads no more from a sender that has enough under way, or while the collector is full.
    private void readOrPause(ChannelHandlerContext ctx) {
        if (ended || draining) {
            return;
        }
        EventIntake intake = door.intake();
        boolean full = intake.bytesInFlight().exhausted() || intake.requestsInFlight().exhausted();
        boolean pause = full || open() >= door.settings().maxInFlight();
        if (pause != paused) {
            paused = pause;
            ctx.channel().config().setAutoRead(!pause);
        }
        if (full && handedOver == 0) {
            // No receipt of this connection's will wake it up.

            ctx.executor()
                    .schedule(() -> readOrPause(ctx), FULL_CHECK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /// Reads no more, and ends the connection when what was read is in the log.
    void drain(ChannelHandlerContext ctx) {
        draining = true;
        ctx.channel().config().setAutoRead(false);
        if (open() == 0) {
            close(ctx);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended = true;
        handOver(ctx);
        if (open() == 0) {
            door.idle(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.atWarn().setCause(cause).log("A syslog connection failed");
        }
        close(ctx);
    }

    private static void close(ChannelHandlerContext ctx) {
        ctx.close();
    }
}
