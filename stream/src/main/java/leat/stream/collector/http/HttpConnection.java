package leat.stream.collector.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import leat.core.failpoint.FailPoint;
import leat.stream.collector.CollectorSettings.HttpSettings;
import leat.stream.collector.EventIntake;
import leat.stream.collector.IncomingBatch;
import leat.stream.collector.Receipt;
import leat.stream.collector.http.HttpProblem.RefusedRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's connection: reads requests, hands their events over and writes the answers in the
/// requests' order. Everything here happens on the connection's event loop.
// A failed write or close ends the connection, which channelInactive sees to.
@SuppressWarnings("FutureReturnValueIgnored")
final class HttpConnection extends ChannelInboundHandlerAdapter {

    private static final long DRAIN_GRACE_MILLIS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);
    private static final long LINGER_MILLIS = 2_000;
    private static final long MIN_CHECK_MILLIS = 100;

    private final Door door;
    private final Deque<Exchange> unanswered = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;

    /// The request whose body is being read, or read away.
    private @Nullable Exchange reading;

    private long readAwayBytes;
    private boolean inputEnded;
    private boolean closing;
    private boolean insideRead;
    private boolean needsFlush;
    private boolean paused;
    private long lastRequestNanos = System.nanoTime();
    private long lastWritableNanos = lastRequestNanos;

    /// What all connections of a door share.
    interface Door {
        EventIntake intake();

        HttpSettings settings();

        HttpMetrics metrics();

        /// Whether the door takes no new work, so that every answer ends its connection.
        boolean draining();
    }

    /// A request and the place of its answer.
    private static final class Exchange {
        private final long startNanos = System.nanoTime();
        private boolean headOnly;
        private boolean oldClient;
        private boolean close;
        private boolean wantsContinue;
        private boolean answered;
        private Route.@Nullable Post post;
        private @Nullable HttpRequest request;
        private @Nullable BodyBuffer body;
        private long takenBytes;
        private boolean takenRequest;
        private @Nullable ByteBuf answer;
    }

    HttpConnection(Door door) {
        this.door = door;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        scheduleCheck(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        insideRead = true;
        try {
            if (inputEnded) {
                return;
            }
            if (message instanceof HttpRequest request) {
                head(ctx, request);
            } else if (message instanceof HttpContent content) {
                content(ctx, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        insideRead = false;
        flush(ctx);
    }

    private void head(ChannelHandlerContext ctx, HttpRequest request) {
        Exchange exchange = new Exchange();
        unanswered.add(exchange);
        reading = exchange;
        readAwayBytes = 0;
        lastRequestNanos = exchange.startNanos;
        if (request.decoderResult().isFailure()) {
            refuse(ctx, exchange, undecodable(request.decoderResult().cause()));
            endInput(ctx);
            return;
        }
        exchange.headOnly = request.method().equals(HttpMethod.HEAD);
        exchange.oldClient = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        exchange.close = !HttpUtil.isKeepAlive(request);
        try {
            switch (Route.of(request, door.intake().inlets(), door.intake().limits())) {
                case Route.Live _ -> answer(ctx, exchange, health(200, "live"));
                case Route.Ready _ -> answer(ctx, exchange, readiness());
                case Route.Post post -> expectBody(ctx, exchange, request, post);
            }
        } catch (RefusedRequest e) {
            if (request.headers().contains("expect") || e.problem().endsConnection()) {
                // Where the next request begins cannot be told for sure.
                exchange.close = true;
                refuse(ctx, exchange, e.problem());
                endInput(ctx);
            } else {
                refuse(ctx, exchange, e.problem());
            }
        }
        pauseWhenFull(ctx);
    }

    private void expectBody(
            ChannelHandlerContext ctx, Exchange exchange, HttpRequest request, Route.Post post) {
        exchange.post = post;
        exchange.request = request;
        exchange.body = new BodyBuffer(HttpUtil.getContentLength(request, -1L));
        if (!exchange.oldClient && HttpUtil.is100ContinueExpected(request)) {
            exchange.wantsContinue = true;
            writeAnswers(ctx);
        }
    }

    private void content(ChannelHandlerContext ctx, HttpContent content) {
        Exchange exchange = reading;
        if (exchange == null) {
            return;
        }
        if (content.decoderResult().isFailure()) {
            refuse(ctx, exchange, undecodable(content.decoderResult().cause()));
            endInput(ctx);
            return;
        }
        int size = content.content().readableBytes();
        BodyBuffer body = exchange.body;
        if (exchange.answered || body == null) {
            readAwayBytes += size;
            if (readAwayBytes > door.intake().limits().requestSize().bytes()) {
                exchange.close = true;
                endInput(ctx);
                return;
            }
        } else if (body.size() + (long) size > door.intake().limits().requestSize().bytes()) {
            refuse(ctx, exchange, Route.tooLarge(door.intake().limits().requestSize()));
        } else if (!take(exchange, size)) {
            refuse(ctx, exchange, HttpProblem.tooBusy());
        } else {
            body.add(content.content());
        }
        if (content instanceof LastHttpContent) {
            reading = null;
            if (!exchange.answered) {
                complete(ctx, exchange);
            }
        }
    }

    private boolean take(Exchange exchange, long bytes) {
        if (!door.intake().bytesInFlight().tryTake(bytes)) {
            return false;
        }
        exchange.takenBytes += bytes;
        return true;
    }

    /// The whole request is here: cuts it into events and hands them over.
    private void complete(ChannelHandlerContext ctx, Exchange exchange) {
        Route.Post post = exchange.post;
        BodyBuffer body = exchange.body;
        HttpRequest request = exchange.request;
        if (post == null || body == null || request == null) {
            throw new IllegalStateException("a body was read for a request that has none");
        }
        exchange.body = null;
        exchange.request = null;
        EventIntake intake = door.intake();
        try {
            byte[] bytes = post.coding().unpack(body.toBytes(), intake.limits().requestSize());
            boolean taken =
                    take(exchange, Math.max(0, bytes.length - exchange.takenBytes))
                            && intake.requestsInFlight().tryTake(1);
            if (!taken) {
                refuse(ctx, exchange, HttpProblem.tooBusy());
                return;
            }
            exchange.takenRequest = true;
            BodyKind.Events events = post.kind().events(bytes, request.headers(), intake.limits());
            intake.accept(
                    post.inlet(),
                    new IncomingBatch(events.events(), post.idempotency()),
                    receipt -> settled(ctx, exchange, receipt, events.single()));
        } catch (RefusedRequest e) {
            refuse(ctx, exchange, e.problem());
        }
    }

    private void settled(
            ChannelHandlerContext ctx, Exchange exchange, Receipt receipt, boolean single) {
        Route.Post post = exchange.post;
        boolean withIds = post == null || post.withIds();
        if (ctx.executor().inEventLoop()) {
            answer(ctx, exchange, Answer.of(receipt, single, withIds));
        } else {
            ctx.executor()
                    .execute(() -> answer(ctx, exchange, Answer.of(receipt, single, withIds)));
        }
    }

    private void refuse(ChannelHandlerContext ctx, Exchange exchange, HttpProblem problem) {
        answer(ctx, exchange, Answer.of(problem));
    }

    private void answer(ChannelHandlerContext ctx, Exchange exchange, Answer answer) {
        giveBack(exchange);
        if (exchange.answered) {
            return;
        }
        exchange.answered = true;
        exchange.body = null;
        exchange.request = null;
        exchange.wantsContinue = false;
        door.metrics().answered(answer.status());
        if (closing || !ctx.channel().isActive()) {
            return;
        }
        if (door.draining() && unanswered.peekLast() == exchange) {
            exchange.close = true;
            inputEnded = true;
        }
        exchange.answer =
                answer.encode(
                        ctx.alloc(),
                        new Answer.Framing(exchange.headOnly, exchange.close, exchange.oldClient));
        writeAnswers(ctx);
    }

    private void giveBack(Exchange exchange) {
        if (exchange.takenBytes > 0) {
            door.intake().bytesInFlight().giveBack(exchange.takenBytes);
            exchange.takenBytes = 0;
        }
        if (exchange.takenRequest) {
            door.intake().requestsInFlight().giveBack(1);
            exchange.takenRequest = false;
        }
    }

    /// Writes the answers that are due: those before which none is missing.
    private void writeAnswers(ChannelHandlerContext ctx) {
        Exchange first = unanswered.peek();
        while (first != null && !closing) {
            ByteBuf answer = first.answer;
            if (answer == null) {
                if (first.wantsContinue) {
                    first.wantsContinue = false;
                    ctx.write(Unpooled.wrappedBuffer(CONTINUE), ctx.voidPromise());
                    needsFlush = true;
                }
                break;
            }
            unanswered.remove();
            first.answer = null;
            ctx.write(answer, ctx.voidPromise());
            needsFlush = true;
            if (first.close || (inputEnded && unanswered.isEmpty())) {
                close(ctx);
            }
            first = unanswered.peek();
        }
        if (!insideRead) {
            flush(ctx);
        }
        resumeWhenFree(ctx);
    }

    private void flush(ChannelHandlerContext ctx) {
        if (needsFlush) {
            needsFlush = false;
            FailPoint.reach("collector.before-answer");
            ctx.flush();
            FailPoint.reach("collector.after-answer");
        }
    }

    /// Nothing more is understood of what the client sends.
    private void endInput(ChannelHandlerContext ctx) {
        inputEnded = true;
        Exchange last = unanswered.peekLast();
        if (last == null) {
            close(ctx);
        } else if (last.answer == null) {
            last.close = true;
        }
    }

    /// Ends the connection behind the last answer. A client that is still sending would have its
    /// answer torn away by a reset, so its bytes are read for a moment longer.
    private void close(ChannelHandlerContext ctx) {
        if (closing) {
            return;
        }
        closing = true;
        needsFlush = false;
        releaseAnswers();
        inputEnded = true;
        if (reading == null) {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        setReading(ctx, true);
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(_ -> ((DuplexChannel) ctx.channel()).shutdownOutput());
        ctx.executor().schedule(() -> ctx.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void pauseWhenFull(ChannelHandlerContext ctx) {
        if (unanswered.size() >= door.settings().maxPipelinedRequests()) {
            setReading(ctx, false);
        }
    }

    private void resumeWhenFree(ChannelHandlerContext ctx) {
        if (paused
                && unanswered.size() < door.settings().maxPipelinedRequests()
                && ctx.channel().isWritable()) {
            setReading(ctx, true);
        }
    }

    private void setReading(ChannelHandlerContext ctx, boolean on) {
        if (paused == on) {
            paused = !on;
            ctx.channel().config().setAutoRead(on);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            lastWritableNanos = System.nanoTime();
            resumeWhenFree(ctx);
        } else if (!closing) {
            setReading(ctx, false);
        }
        ctx.fireChannelWritabilityChanged();
    }

    private void scheduleCheck(ChannelHandlerContext ctx) {
        HttpSettings settings = door.settings();
        long shortest =
                Math.min(settings.idleTimeout().toMillis(), settings.requestTimeout().toMillis());
        ctx.executor()
                .schedule(
                        () -> check(ctx),
                        Math.max(MIN_CHECK_MILLIS, shortest / 4),
                        TimeUnit.MILLISECONDS);
    }

    private void check(ChannelHandlerContext ctx) {
        if (!ctx.channel().isActive()) {
            return;
        }
        long now = System.nanoTime();
        long idleNanos = door.settings().idleTimeout().toNanos();
        Exchange current = reading;
        if (closing) {
            return;
        }
        if (!ctx.channel().isWritable() && now - lastWritableNanos > idleNanos) {
            ctx.close();
            return;
        }
        if (current != null) {
            if (now - current.startNanos > door.settings().requestTimeout().toNanos()) {
                current.close = true;
                endInput(ctx);
                if (current.answered) {
                    close(ctx);
                } else {
                    refuse(ctx, current, slow());
                }
            }
        } else if (unanswered.isEmpty() && now - lastRequestNanos > idleNanos) {
            close(ctx);
        }
        scheduleCheck(ctx);
    }

    private HttpProblem slow() {
        return new HttpProblem(
                408,
                "too-slow",
                "the request did not arrive within "
                        + door.settings().requestTimeout().toSeconds()
                        + " s",
                "send it again, faster or in smaller batches");
    }

    /// Ends the connection with its next answer, or when nothing was asked on it for a moment: a
    /// client that has just been answered may be sending already and cannot know.
    void drain() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        ctx.executor().schedule(() -> closeIfIdle(ctx), DRAIN_GRACE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void closeIfIdle(ChannelHandlerContext ctx) {
        if (unanswered.isEmpty() && reading == null) {
            close(ctx);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            clientEnded(ctx);
        }
        ctx.fireUserEventTriggered(event);
    }

    /// The client sends no more, but may wait for answers.
    private void clientEnded(ChannelHandlerContext ctx) {
        if (closing) {
            ctx.close();
            return;
        }
        Exchange half = reading;
        if (half != null) {
            if (!half.answered) {
                giveBack(half);
                unanswered.removeLastOccurrence(half);
            }
            reading = null;
        }
        inputEnded = true;
        if (unanswered.isEmpty()) {
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Exchange half = reading;
        if (half != null) {
            giveBack(half);
            reading = null;
        }
        releaseAnswers();
        ctx.fireChannelInactive();
    }

    private void releaseAnswers() {
        for (Exchange exchange : unanswered) {
            ByteBuf answer = exchange.answer;
            if (answer != null) {
                answer.release();
                exchange.answer = null;
            }
        }
        unanswered.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.atError().setCause(cause).log("A connection failed");
        }
        ctx.close();
    }

    private Answer readiness() {
        if (door.draining()) {
            return health(503, "draining");
        }
        return door.intake().ready() ? health(200, "ready") : health(503, "log-unavailable");
    }

    private static Answer health(int status, String word) {
        String body = "{\"status\":\"" + word + "\"}\n";
        return new Answer(status, body.getBytes(US_ASCII), "");
    }

    private static HttpProblem undecodable(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return switch (cause) {
            case TooLongHttpLineException _ ->
                    new HttpProblem(414, "too-long", message, "shorten the request line");
            case TooLongHttpHeaderException _ ->
                    new HttpProblem(431, "too-long", message, "send fewer or shorter headers");
            default ->
                    HttpProblem.badRequest(
                            "malformed-http", "not HTTP/1.1: " + message, "send a valid request");
        };
    }
}
