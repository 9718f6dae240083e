package leat.stream.collector.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.Collectors;
import leat.core.event.Hash128;

/// `/leat.js`, the script by which pages send events. Everybody may load it.
final class PageScript {

    static final String PATH = "/leat.js";

    private static final byte[] SCRIPT = read();
    private static final String TAG = '"' + Hash128.ofBytes(SCRIPT).toString() + '"';

    /// A browser asks again after an hour, and goes on with what it has for a day while nobody
    /// answers. Pages that are isolated from other origins may load it too.
    private static final String HEADERS =
            "etag: "
                    + TAG
                    + "\r\ncache-control: public, max-age=3600, stale-if-error=86400\r\n"
                    + "cross-origin-resource-policy: cross-origin\r\n"
                    + "x-content-type-options: nosniff\r\n";

    private PageScript() {}

    /// The script, or 304 for who has it.
    static Answer answer(HttpHeaders headers) {
        String known = headers.get("if-none-match", "");
        return known.contains(TAG)
                ? Answer.empty(304, HEADERS)
                : new Answer(200, SCRIPT, HEADERS, "text/javascript; charset=utf-8");
    }

    private static byte[] read() {
        try (InputStream in = PageScript.class.getResourceAsStream("leat.js")) {
            if (in == null) {
                throw new IllegalStateException("the program's jar lacks leat.js");
            }
            return served(new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The source without its indentation and the lines that are comments: it has no text that goes
    /// on over a line's end.
    private static byte[] served(String source) {
        return source.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("//"))
                .collect(Collectors.joining("\n", "", "\n"))
                .getBytes(UTF_8);
    }
}
