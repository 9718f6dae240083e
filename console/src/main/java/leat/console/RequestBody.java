package leat.console;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The bodies of requests, each read up to a limit of bytes.
///
/// A server that answers and closes while its caller still sends takes the answer from the caller
/// again: what arrives at the closed connection resets it. So a body above the limit is read to its
/// end, or up to 16 MiB, thrown away, and refused.
public final class RequestBody {

    /// What is read of a body that is refused: a caller that sends more loses its connection, and
    /// with it perhaps the answer.
    public static final int MAX_READ_BYTES = 16 << 20;

    private RequestBody() {}

    /// The refusal of a body above its limit.
    public static final class TooLarge extends RuntimeException {
        private final transient ApiError error;

        TooLarge(int maxBytes) {
            super("a body above " + maxBytes + " bytes");
            this.error =
                    new ApiError(
                            413,
                            "too-large",
                            "the body has more than " + maxBytes + " bytes",
                            "ask in parts");
        }
    }

    /// Has the bodies that [#read] refuses answered.
    public static void addTo(HttpRouting.Builder routes) {
        routes.error(
                TooLarge.class, (_, response, refused) -> Responses.send(response, refused.error));
    }

    /// The request's body; no bytes when it has none. One of more bytes is answered 413.
    public static byte[] read(ServerRequest request, int maxBytes) {
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        InputStream in = request.content().inputStream();
        try {
            byte[] body = in.readNBytes(maxBytes + 1);
            if (body.length > maxBytes) {
                throwAway(in, MAX_READ_BYTES - body.length);
                throw new TooLarge(maxBytes);
            }
            return body;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void throwAway(InputStream in, int maxBytes) throws IOException {
        byte[] part = new byte[64 << 10];
        int left = maxBytes;
        while (left > 0) {
            int read = in.read(part);
            left = read < 0 ? 0 : left - read;
        }
    }
}
