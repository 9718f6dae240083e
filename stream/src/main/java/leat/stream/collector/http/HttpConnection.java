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
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import leat.core.failpoint.FailPoint;
import leat.stream.collector.EventIntake;
import leat.stream.collector.HttpSettings;
import leat.stream.collector.http.HttpProblem.RefusedRequest;
import leat.stream.collector.tls.DoorTls;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's connection: reads requests, hands their events over and writes the answers in the
/// requests' order. Everything here happens on the connection's event loop.
// A failed write or close ends the connection, which channelInactive sees to.
@SuppressWarnings("FutureReturnValueIgnored")
final class HttpConnection extends ChannelInboundHandlerAdapter implements HandOver.Client {

    private static final long DRAIN_GRACE_MILLIS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);
    private static final long LINGER_MILLIS = 2_000;

    private final Door door;
    private final Deque<Exchange> unanswered = new ArrayDeque<>();
    private final HandOver handOver;
    private final UnreadAnswers unread;
    private final Patience patience;
    private @Nullable ChannelHandlerContext context;

    /// The request whose body is being read, or read away.
    private @Nullable Exchange reading;

    private long readAwayBytes;
    private boolean inputEnded;
    private boolean closing;
    private boolean insideRead;
    private boolean needsFlush;

    /// What all connections of a door share.
    interface Door {
        EventIntake intake();

        HttpSettings settings();

        HttpMetrics metrics();

        /// Where events belong.
        Route.Places places();

        /// Where bodies are worked on that would hold an event loop up.
        Executor largeBodies();

        /// Whether the door takes no new work, so that every answer ends its connection.
        boolean draining();
    }

    HttpConnection(Door door) {
        this.door = door;
        this.handOver = new HandOver(door, this);
        this.unread = new UnreadAnswers(door.intake().bytesInFlight());
        this.patience = new Patience(door.settings(), System.nanoTime());
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
        patience.active(exchange.startNanos);
        if (request.decoderResult().isFailure()) {
            refuse(ctx, exchange, HttpProblem.undecodable(request.decoderResult().cause()));
            endInput(ctx);
            return;
        }
        Target target = Target.of(request);
        exchange.dialect = target.dialect();
        exchange.headOnly = request.method().equals(HttpMethod.HEAD);
        exchange.oldClient = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        exchange.close = !HttpUtil.isKeepAlive(request);
        exchange.pageHeaders = door.places().cors().answerHeaders(request.headers());
        try {
            switch (Route.of(
                    target,
                    door.places(),
                    door.intake().access(),
                    DoorTls.credentials(ctx.channel()),
                    door.intake().limits())) {
                case Route.Live _ -> answer(ctx, exchange, Answer.health(200, "live"));
                case Route.Ready _ -> answer(ctx, exchange, readiness());
                case Route.Fixed(Answer answer) -> answer(ctx, exchange, answer);
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
        readOrPause(ctx);
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
            refuse(ctx, exchange, HttpProblem.undecodable(content.decoderResult().cause()));
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
        } else if (!exchange.take(size, door.intake())) {
            refuse(ctx, exchange, HttpProblem.tooBusy());
        } else {
            body.add(content.content());
        }
        if (content instanceof LastHttpContent) {
            reading = null;
            if (!exchange.answered) {
                handOver.add(ctx, exchange);
            }
        }
    }

    private void refuse(ChannelHandlerContext ctx, Exchange exchange, HttpProblem problem) {
        answer(ctx, exchange, exchange.dialect.refusal(problem));
    }

    @Override
    public void answer(ChannelHandlerContext ctx, Exchange exchange, Answer answer) {
        exchange.giveBack(door.intake());
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
        Route.Post post = exchange.post;
        exchange.answer =
                answer.with(exchange.pageHeaders)
                        .with(post == null ? "" : Deprecation.headers(post.inlet().contract()))
                        .encode(
                                ctx.alloc(),
                                new Answer.Framing(
                                        exchange.headOnly, exchange.close, exchange.oldClient));
        writeAnswers(ctx);
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
            handOver.written(first);
            first.answer = null;
            patience.active(System.nanoTime());
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
        handOver.goOn(ctx);
    }

    private void flush(ChannelHandlerContext ctx) {
        if (needsFlush) {
            needsFlush = false;
            FailPoint.reach("collector.before-answer");
            ctx.flush();
            FailPoint.reach("collector.after-answer");
            unread.update(ctx.channel());
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
        patience.ending(System.nanoTime());
        needsFlush = false;
        forgetRequests();
        inputEnded = true;
        if (reading == null) {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        setReading(ctx, true);
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> endOutput(ctx));
        ctx.executor().schedule(() -> ctx.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static void endOutput(ChannelHandlerContext ctx) {
        DuplexChannel channel = (DuplexChannel) ctx.channel();
        SslHandler encryption = ctx.pipeline().get(SslHandler.class);
        if (channel.isInputShutdown()) {
            ctx.close();
        } else if (encryption == null) {
            channel.shutdownOutput();
        } else {
            encryption.closeOutbound().addListener(_ -> channel.shutdownOutput());
        }
    }

    @Override
    public void wentOn(ChannelHandlerContext ctx) {
        readOrPause(ctx);
    }

    /// Reads on while answers are few and the client takes them.
    private void readOrPause(ChannelHandlerContext ctx) {
        if (!closing) {
            setReading(
                    ctx,
                    unanswered.size() < door.settings().maxPipelinedRequests()
                            && !handOver.requestsWait()
                            && ctx.channel().isWritable());
        }
    }

    private void setReading(ChannelHandlerContext ctx, boolean on) {
        if (patience.read(on, reading, System.nanoTime())) {
            ctx.channel().config().setAutoRead(on);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        unread.update(ctx.channel());
        handOver.goOn(ctx);
        ctx.fireChannelWritabilityChanged();
    }

    private void scheduleCheck(ChannelHandlerContext ctx) {
        ctx.executor().schedule(() -> check(ctx), patience.lookMillis(), TimeUnit.MILLISECONDS);
    }

    private void check(ChannelHandlerContext ctx) {
        if (!ctx.channel().isActive()) {
            return;
        }
        long now = System.nanoTime();
        Patience.Verdict verdict =
                patience.verdict(unread.nanosUntil(now), reading, unanswered.isEmpty(), now);
        unread.update(ctx.channel());
        switch (verdict) {
            case Patience.Verdict.Refuse(Exchange half) -> endSlowRequest(ctx, half);
            case Patience.Verdict.End _ -> close(ctx);
            case Patience.Verdict.Cut _ -> ctx.close();
            case Patience.Verdict.Wait _ -> {}
        }
        scheduleCheck(ctx);
    }

    private void endSlowRequest(ChannelHandlerContext ctx, Exchange half) {
        half.close = true;
        endInput(ctx);
        if (half.answered) {
            close(ctx);
        } else {
            refuse(ctx, half, HttpProblem.tooSlow(door.settings().requestTimeout()));
        }
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
        if (event instanceof ChannelInputShutdownEvent
                || (event instanceof SslCloseCompletionEvent end && end.isSuccess())) {
            clientEnded(ctx);
        }
        ctx.fireUserEventTriggered(event);
    }

    /// The client sends no more, but may wait for answers.
    private void clientEnded(ChannelHandlerContext ctx) {
        if (closing) {
            if (((DuplexChannel) ctx.channel()).isOutputShutdown()) {
                ctx.close();
            }
            return;
        }
        Exchange half = reading;
        if (half != null) {
            if (!half.answered) {
                half.giveBack(door.intake());
                unanswered.removeLastOccurrence(half);
            }
            reading = null;
        }
        inputEnded = true;
        if (unanswered.isEmpty()) {
            close(ctx);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Exchange half = reading;
        if (half != null) {
            half.giveBack(door.intake());
            reading = null;
        }
        forgetRequests();
        unread.forget();
        ctx.fireChannelInactive();
    }

    /// Drops what nobody waits for any more: answers, and requests that were not handed over.
    private void forgetRequests() {
        for (Exchange exchange : unanswered) {
            ByteBuf answer = exchange.answer;
            if (answer != null) {
                answer.release();
                exchange.answer = null;
            }
        }
        unanswered.clear();
        handOver.forget();
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
            return Answer.health(503, "draining");
        }
        return door.intake().ready()
                ? Answer.health(200, "ready")
                : Answer.health(503, "log-unavailable");
    }
}
