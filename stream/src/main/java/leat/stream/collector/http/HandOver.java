package leat.stream.collector.http;

import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import leat.stream.collector.EventIntake;
import leat.stream.collector.IncomingBatch;
import leat.stream.collector.Receipt;
import leat.stream.collector.http.HttpProblem.RefusedRequest;
import leat.stream.collector.listen.Listener;

/// The whole requests of one connection on their way to the log: handed over in their order, one at
/// a time where a large body is worked on beside the event loop, and as long as the client reads
/// the answers, since what it leaves unread is memory here.
///
/// Everything here happens on the connection's event loop but the work on a large body.
final class HandOver {

    private final HttpConnection.Door door;
    private final Client client;

    /// Requests that are not handed over yet, the first first.
    private final Deque<Exchange> waiting = new ArrayDeque<>();

    /// Events handed over whose answers are not written.
    private int openEvents;

    private boolean goingOn;
    private boolean workedOnElsewhere;

    /// Who waits for the answers.
    interface Client {
        void answer(ChannelHandlerContext ctx, Exchange exchange, Answer answer);

        /// Whether requests wait may have changed.
        void wentOn(ChannelHandlerContext ctx);
    }

    HandOver(HttpConnection.Door door, Client client) {
        this.door = door;
        this.client = client;
    }

    /// Takes a request of which everything is here.
    void add(ChannelHandlerContext ctx, Exchange exchange) {
        waiting.add(exchange);
        goOn(ctx);
    }

    /// Whether requests wait until the client has read answers, or a large body is done.
    boolean requestsWait() {
        return !waiting.isEmpty();
    }

    /// Hands over what may be handed over now.
    void goOn(ChannelHandlerContext ctx) {
        if (goingOn) {
            return;
        }
        goingOn = true;
        while (!waiting.isEmpty()
                && !workedOnElsewhere
                && ctx.channel().isWritable()
                && openEvents < door.intake().limits().requestEvents()) {
            Exchange exchange = waiting.remove();
            start(ctx, exchange, exchange.whole());
        }
        goingOn = false;
        client.wentOn(ctx);
    }

    /// An answer was written.
    void written(Exchange exchange) {
        openEvents -= exchange.events;
    }

    /// Drops the requests that wait: nobody waits for their answers any more.
    void forget() {
        for (Exchange exchange : waiting) {
            exchange.giveBack(door.intake());
        }
        waiting.clear();
    }

    private void start(ChannelHandlerContext ctx, Exchange exchange, WholeRequest request) {
        try {
            Optional<byte[]> body = request.bodyIfSmall();
            if (body.isPresent()) {
                handOver(ctx, exchange, request, body.get());
            } else {
                startElsewhere(ctx, exchange, request);
            }
        } catch (RefusedRequest e) {
            refuse(ctx, exchange, e.problem());
        }
    }

    private void refuse(ChannelHandlerContext ctx, Exchange exchange, HttpProblem problem) {
        client.answer(ctx, exchange, exchange.dialect.refusal(problem));
    }

    private void startElsewhere(
            ChannelHandlerContext ctx, Exchange exchange, WholeRequest request) {
        workedOnElsewhere = true;
        try {
            door.largeBodies().execute(() -> workOn(ctx, exchange, request));
        } catch (RejectedExecutionException _) {
            workedOnElsewhere = false;
            refuse(ctx, exchange, HttpProblem.tooBusy());
        }
    }

    /// Works on a large body. Until it is handed over nobody else touches the exchange.
    private void workOn(ChannelHandlerContext ctx, Exchange exchange, WholeRequest request) {
        try {
            if (ctx.channel().isActive()) {
                handOver(ctx, exchange, request, request.body(door.intake().limits()));
            } else {
                exchange.giveBack(door.intake());
            }
        } catch (RefusedRequest e) {
            Listener.onLoop(ctx, () -> refuse(ctx, exchange, e.problem()));
        } catch (RuntimeException e) {
            Listener.onLoop(ctx, () -> ctx.pipeline().fireExceptionCaught(e));
        } finally {
            Listener.onLoop(
                    ctx,
                    () -> {
                        workedOnElsewhere = false;
                        goOn(ctx);
                    });
        }
    }

    /// Cuts a body into its events and hands them over, on any thread.
    private void handOver(
            ChannelHandlerContext ctx, Exchange exchange, WholeRequest request, byte[] body)
            throws RefusedRequest {
        EventIntake intake = door.intake();
        if (!exchange.takeWhole(body.length, intake)) {
            throw new RefusedRequest(HttpProblem.tooBusy());
        }
        Dialect.Events events = request.events(body, intake.limits());
        IncomingBatch batch =
                new IncomingBatch(
                        events.events(), request.post().idempotency().or(events::idempotency));
        if (!exchange.takeGrowth(batch.bytes(), intake)) {
            throw new RefusedRequest(HttpProblem.tooBusy());
        }
        // Before the answer, which comes this way too.
        Listener.onLoop(
                ctx,
                () -> {
                    exchange.events = batch.events().size();
                    openEvents += exchange.events;
                });
        intake.accept(
                request.post().caller(),
                request.post().inlet(),
                batch,
                receipt ->
                        Listener.onLoop(
                                ctx, () -> settled(ctx, exchange, receipt, events.single())));
    }

    private void settled(
            ChannelHandlerContext ctx, Exchange exchange, Receipt receipt, boolean single) {
        Route.Post post = exchange.post;
        boolean withIds = post == null || post.withIds();
        client.answer(ctx, exchange, exchange.dialect.answer(receipt, single, withIds));
    }
}
