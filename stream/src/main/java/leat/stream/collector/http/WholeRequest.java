package leat.stream.collector.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Optional;
import leat.stream.collector.Limits;
import leat.stream.collector.http.HttpProblem.RefusedRequest;

/// A request of which everything is here.
///
/// @param packed the body as it came
@SuppressWarnings("ArrayRecordComponent") // not compared, and copying is what it saves
record WholeRequest(Route.Post post, HttpHeaders headers, byte[] packed) {

    /// Unpacking, checking and sending half a mebibyte takes an event loop about 10 ms, and its
    /// other connections wait as long.
    static final int MOST_ON_A_LOOP_BYTES = 512 << 10;

    /// The unpacked body where all work on it is short; what it takes to see that it is not is
    /// short too.
    Optional<byte[]> bodyIfSmall() throws RefusedRequest {
        return packed.length > MOST_ON_A_LOOP_BYTES
                ? Optional.empty()
                : post.coding().unpackUpTo(MOST_ON_A_LOOP_BYTES, packed);
    }

    /// The unpacked body.
    byte[] body(Limits limits) throws RefusedRequest {
        return post.coding().unpack(packed, limits.requestSize());
    }

    /// Cuts the unpacked body into its events.
    Dialect.Events events(byte[] body, Limits limits) throws RefusedRequest {
        return post.dialect().events(body, headers, limits);
    }
}
