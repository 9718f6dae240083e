package leat.stream.collector.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import leat.stream.collector.EventIntake;
import org.jspecify.annotations.Nullable;

/// A request, the place of its answer among those of its connection, and what it holds of the
/// collector's limits until it is answered.
final class Exchange {

    /// When its head was there, without the time in which nothing was read.
    long startNanos = System.nanoTime();

    boolean headOnly;
    boolean oldClient;

    /// Whether the connection ends with the answer.
    boolean close;

    boolean wantsContinue;
    boolean answered;
    Route.@Nullable Post post;

    /// What a browser has to see in the answer, so that it hands it to the page.
    String pageHeaders = "";

    /// How its sender is answered.
    Dialect dialect = BodyKind.JSON;

    /// Kept until the body is read.
    @Nullable HttpRequest request;

    /// Kept until it is cut into events.
    @Nullable BodyBuffer body;

    /// How many events were handed over.
    int events;

    /// The answer, until those before it are written.
    @Nullable ByteBuf answer;

    private long takenBytes;
    private boolean takenRequest;

    /// The request, of which everything is here now, handed out once.
    WholeRequest whole() {
        if (post == null || body == null || request == null) {
            throw new IllegalStateException("a body was read for a request that has none");
        }
        WholeRequest whole = new WholeRequest(post, request.headers(), body.toBytes());
        body = null;
        request = null;
        return whole;
    }

    /// Takes `more` bytes of a body that is being read, if they are left.
    boolean take(long more, EventIntake intake) {
        if (!intake.bytesInFlight().tryTake(more)) {
            return false;
        }
        takenBytes += more;
        return true;
    }

    /// Takes what a request that is here as a whole needs, if it is left.
    ///
    /// @param bodyBytes the size of its body, unpacked
    boolean takeWhole(long bodyBytes, EventIntake intake) {
        if (!take(Math.max(0, bodyBytes - takenBytes), intake)
                || !intake.requestsInFlight().tryTake(1)) {
            return false;
        }
        takenRequest = true;
        return true;
    }

    /// Takes what the events have beyond the body that they came in, if it is left.
    boolean takeGrowth(long eventBytes, EventIntake intake) {
        return take(Math.max(0, eventBytes - takenBytes), intake);
    }

    /// Gives back all that was taken.
    void giveBack(EventIntake intake) {
        if (takenBytes > 0) {
            intake.bytesInFlight().giveBack(takenBytes);
            takenBytes = 0;
        }
        if (takenRequest) {
            intake.requestsInFlight().giveBack(1);
            takenRequest = false;
        }
    }
}
