package leat.stream.collector.syslog;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
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
import leat.stream.collector.access.Access.Admission;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Credentials;
import leat.stream.collector.access.Denial;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.listen.Listener;
import leat.stream.collector.tls.DoorTls;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One sender's connection: reads messages, hands them over one batch at a time, and reads no more
/// while enough of them wait: a slow log slows the sender. What was read goes on to the log when
/// the connection has ended, since its sender takes it for delivered. Only what a sender may not
/// bring in goes nowhere, and ends its connection.
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

    /// Who sends; null before the handshake has told, and when he may not.
    private @Nullable Caller caller;

    /// Messages that are not handed over.
    private List<IncomingEvent> waiting = new ArrayList<>();

    private long waitingBytes;
    private volatile int handedOver;
    private long messages;
    private boolean paused;
    private boolean throttled;
    private volatile boolean ended;
    private boolean draining;

    /// Whether another look at what the collector has room for is on its way.
    private boolean looking;

    /// @param name another one for each connection of all doors
    SyslogConnection(SyslogDoor door, String name) {
        this.door = door;
        this.name = name;
        this.caller = door.isEncrypted() ? null : Caller.ANYONE;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        switch (event) {
            case SslHandshakeCompletionEvent handshake when handshake.isSuccess() -> admit(ctx);
            // RFC 5425 lets a sender wait until its end is answered by ours.
            case SslCloseCompletionEvent _ -> close(ctx);
            default -> ctx.fireUserEventTriggered(event);
        }
    }

    private void admit(ChannelHandlerContext ctx) {
        Credentials shown = DoorTls.credentials(ctx.channel());
        switch (door.intake().access().admit(DoorKind.SYSLOG, shown)) {
            case Admission.Admitted(Caller admitted) -> {
                Optional<Denial> denial = admitted.denial(door.inlet().contract());
                if (denial.isPresent()) {
                    turnAway(ctx, denial.get());
                } else {
                    caller = admitted;
                }
            }
            case Admission.Denied(Denial denial) -> turnAway(ctx, denial);
        }
    }

    /// Stores nothing more of a sender, for whom the protocol has no other word.
    private void turnAway(ChannelHandlerContext ctx, Denial denial) {
        caller = null;
        door.metrics().denied(waiting.size());
        door.intake().bytesInFlight().giveBack(waitingBytes);
        waiting = new ArrayList<>();
        waitingBytes = 0;
        ctx.channel().config().setAutoRead(false);
        door.denied(denial, ctx.channel().remoteAddress());
        close(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (caller == null) {
            door.metrics().denied(1);
            return;
        }
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
        Caller sender = caller;
        if (sender == null || handedOver > 0 || waiting.isEmpty()) {
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
        accept(ctx, new Handed(sender, batch, bytes), 0);
    }

    private record Handed(Caller sender, IncomingBatch batch, long bytes) {}

    private void accept(ChannelHandlerContext ctx, Handed handed, int attempt) {
        door.intake()
                .accept(
                        handed.sender(),
                        door.inlet(),
                        handed.batch(),
                        receipt ->
                                Listener.onLoop(ctx, () -> settled(ctx, handed, receipt, attempt)));
    }

    private void settled(ChannelHandlerContext ctx, Handed handed, Receipt receipt, int attempt) {
        switch (receipt) {
            case Receipt.Settled(List<Receipt.Item> items, int _) -> {
                door.metrics().settled(items);
                throttled = false;
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
            case Receipt.Throttled(long retryAfterMillis) -> {
                // What would wait longer for its quota takes no room from others.
                throttled = true;
                readOrPause(ctx);
                again(ctx, handed, attempt, Math.max(1, retryAfterMillis));
            }
            case Receipt.Denied(Denial denial) -> {
                door.metrics().denied(handedOver);
                giveBack(handed);
                turnAway(ctx, denial);
                door.idle(this);
            }
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
        if (ended || draining || caller == null) {
            return;
        }
        EventIntake intake = door.intake();
        boolean full = intake.bytesInFlight().exhausted() || intake.requestsInFlight().exhausted();
        boolean pause = full || throttled || open() >= door.settings().maxInFlight();
        if (pause != paused) {
            paused = pause;
            ctx.channel().config().setAutoRead(!pause);
        }
        if (full && handedOver == 0 && !looking) {
            // No receipt of this connection's will wake it up.
            looking = true;
            ctx.executor().schedule(() -> lookAgain(ctx), FULL_CHECK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void lookAgain(ChannelHandlerContext ctx) {
        looking = false;
        readOrPause(ctx);
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
