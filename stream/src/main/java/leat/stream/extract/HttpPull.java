package leat.stream.extract;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import leat.core.config.DataSize;
import leat.core.config.Setting;

/// An HTTP interface whose pages are JSON, and how one page leads to the next.
public record HttpPull(
        @Setting(description = "The first page") String url,
        @Setting(description = "Headers of each request") Map<String, String> headers,
        @Setting(
                        description =
                                "Headers that are secret, e.g. `Authorization`: each `${env:NAME}` or"
                                        + " `${file:PATH}`, whose content is the header's whole value")
                Map<String, String> secretHeaders,
        @Setting(
                        description =
                                "Where the list of rows stands in a page, a JSON pointer such as"
                                        + " `/data`; absent means that the page is the list")
                Optional<String> rows,
        @Setting(
                        description =
                                "What tells rows apart, a JSON pointer into a row such as `/id`;"
                                        + " absent means all that stands in the row. The contract's"
                                        + " id fields go first")
                Optional<String> id,
        @Setting(description = "Where a page names the address of the next one, a JSON pointer")
                Optional<String> nextLink,
        @Setting(
                        description = "Whether the header `Link` names it, `rel=\"next\"`",
                        defaultValue = "false")
                boolean linkHeader,
        @Setting(description = "Pages that are numbered") Optional<Pages> pages,
        @Setting(description = "Pages of which each holds the cursor of the next")
                Optional<Cursor> cursor,
        @Setting(description = "How long a page may take, 1s to 10m", defaultValue = "30s")
                Duration timeout,
        @Setting(description = "How large a page may be, up to 256MiB", defaultValue = "32MiB")
                DataSize pageSize) {

    /// Numbered pages. A page is taken to grow until it is full.
    public record Pages(
            @Setting(description = "The query's parameter for the number, e.g. `page`")
                    String parameter,
            @Setting(description = "The number of the first page", defaultValue = "1") int first,
            @Setting(description = "How many rows a full page has, 1 to 10,000") int rows,
            @Setting(description = "The query's parameter for that, e.g. `per_page`")
                    Optional<String> rowsParameter) {

        /// Checks the values.
        ///
        /// @throws IllegalArgumentException that names the key
        public Pages {
            if (rows < 1 || rows > 10_000) {
                throw new IllegalArgumentException("rows must be from 1 to 10000");
            }
        }
    }

    /// Cursors.
    public record Cursor(
            @Setting(description = "Where a page has the next one's cursor, a JSON pointer")
                    String pointer,
            @Setting(description = "The query's parameter for it, e.g. `cursor`")
                    String parameter) {}

    private static final Set<String> SECRET = Set.of("authorization", "cookie", "x-api-key");

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException that names the key
    public HttpPull {
        headers = Map.copyOf(headers);
        secretHeaders = Map.copyOf(secretHeaders);
        URI address = URI.create(url);
        check(
                Set.of("http", "https").contains(String.valueOf(address.getScheme()))
                        && address.getHost() != null,
                "url must be an address that begins with http:// or https://");
        check(
                address.getUserInfo() == null,
                "url must name no user; send secrets with secret-headers");
        for (String header : headers.keySet()) {
            check(
                    !SECRET.contains(header.toLowerCase(Locale.ROOT)),
                    "headers has " + header + ", which belongs into secret-headers");
        }
        secretHeaders.forEach((name, place) -> new Secret("secret-headers: " + name, place));
        long ways =
                Stream.of(nextLink.isPresent(), linkHeader, pages.isPresent(), cursor.isPresent())
                        .filter(present -> present)
                        .count();
        check(ways <= 1, "only one of next-link, link-header, pages and cursor can lead on");
        Stream.of(rows, id, nextLink, cursor.map(Cursor::pointer))
                .flatMap(Optional::stream)
                .forEach(pointer ->
                        check(
                                pointer.startsWith("/"),
                                "'" + pointer + "' is no JSON pointer; write e.g. /data"));
        check(
                timeout.compareTo(Duration.ofSeconds(1)) >= 0
                        && timeout.compareTo(Duration.ofMinutes(10)) <= 0,
                "timeout must be from 1s to 10m");
        check(
                pageSize.bytes() >= 1 && pageSize.bytes() <= 256L << 20,
                "page-size must be at most 256MiB");
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
