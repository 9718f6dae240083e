package leat.stream.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import leat.core.config.DataSize;
import leat.core.config.SettingsReader;
import leat.core.yaml.Checked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Pages of a real HTTP server, which are lists that grow.
final class HttpSourceTest {

    private static final int PAGE_ROWS = 3;

    @TempDir private Path folder;

    private final List<String> items = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final PagesRead pages = new PagesRead();
    private HttpServer server;
    private volatile int status = 200;

    /// The ways from page to page.
    enum Paging {
        NEXT_LINK(
                "next-link: /links/next",
                (Integer next) ->
                        next < 0
                                ? "\"links\":{\"next\":null}"
                                : "\"links\":{\"next\":\"/items?from=" + next + "\"}"),
        LINK_HEADER("link-header: true", (Integer next) -> "\"x\":" + next),
        CURSOR(
                "cursor: {pointer: /meta/cursor, parameter: from}",
                (Integer next) ->
                        "\"meta\":{\"cursor\":" + (next < 0 ? "\"\"" : "\"" + next + "\"") + "}"),
        PAGES(
                "pages: {parameter: page, rows: 3, rows-parameter: size}",
                (Integer next) -> "\"x\":" + next);

        private final String setting;

        @SuppressWarnings("ImmutableEnumChecker") // pure
        private final Function<Integer, String> body;

        Paging(String setting, Function<Integer, String> body) {
            this.setting = setting;
            this.body = body;
        }
    }

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        for (Paging paging : Paging.values()) {
            server.createContext(
                    "/" + paging.name().toLowerCase(Locale.ROOT),
                    exchange -> page(exchange, paging));
        }
        server.createContext("/items", exchange -> page(exchange, Paging.NEXT_LINK));
        server.createContext(
                "/elsewhere",
                exchange ->
                        answer(
                                exchange,
                                "{\"data\":[],\"links\":{\"next\":\"http://other.example/\"}}"));
        server.createContext("/none", exchange -> answer(exchange, "{\"data\":{}}"));
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    private void page(HttpExchange exchange, Paging paging) throws IOException {
        String query = Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), "");
        asked.add(query + " " + exchange.getRequestHeaders().getFirst("Authorization"));
        int from = number(query, "from=", 0);
        if (paging == Paging.PAGES) {
            from = (number(query, "page=", 1) - 1) * PAGE_ROWS;
        }
        int to = Math.min(items.size(), from + PAGE_ROWS);
        int next = to < items.size() ? to : -1;
        if (paging == Paging.LINK_HEADER && next >= 0) {
            exchange.getResponseHeaders()
                    .add(
                            "Link",
                            "</items?from=0>; rel=\"first\", </link_header?from="
                                    + next
                                    + ">; rel=\"next\"");
        }
        String rows = from >= to ? "" : String.join(" ,\n", items.subList(from, to));
        answer(exchange, "{\"data\": [" + rows + "], " + paging.body.apply(next) + "}");
    }

    private void answer(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static int number(String query, String name, int absent) {
        return Stream.of(query.split("&", -1))
                .filter(part -> part.startsWith(name))
                .map(part -> Integer.valueOf(part.substring(name.length())))
                .findFirst()
                .orElse(absent);
    }

    private HttpSource source(String path, String... settings) throws IOException {
        List<String> lines = new ArrayList<>(List.of("contract: items", "http:"));
        lines.add("  url: http://127.0.0.1:" + server.getAddress().getPort() + path);
        for (String setting : settings) {
            lines.add("  " + setting);
        }
        Path file = folder.resolve("items.yaml");
        Files.write(file, lines);
        Checked<ExtractionSettings> read = SettingsReader.read(file, ExtractionSettings.class);
        return new HttpSource(read.orThrow().http().orElseThrow(), "pull/items", folder);
    }

    private void add(int from, int to) {
        IntStream.range(from, to)
                .forEach(n ->
                        items.add("{\"id\":\"i" + n + "\", \"amount\": 1.10,\n \"big\": 1e400}"));
    }

    @ParameterizedTest
    @EnumSource
    void readsAllPagesAndThenWhatIsAddedWithEachRowAsItStands(Paging paging) throws Exception {
        add(0, 8);
        try (HttpSource source =
                source(
                        "/" + paging.name().toLowerCase(Locale.ROOT),
                        "rows: /data",
                        "id: /id",
                        paging.setting)) {
            pages.read(source);
            assertThat(pages.rows()).containsExactlyElementsOf(items);
            assertThat(pages.ids()).startsWith("i0", "i1");

            pages.read(source);
            add(8, 9);
            pages.read(source);
            pages.read(source);
            add(9, 14);
            pages.read(source);
        }

        assertThat(pages.rows()).containsExactlyElementsOf(items);
    }

    @ParameterizedTest
    @EnumSource
    void aPageThatIsSentAgainAfterAKillHasTheSameIds(Paging paging) throws Exception {
        add(0, 8);
        try (HttpSource source =
                source(
                        "/" + paging.name().toLowerCase(Locale.ROOT),
                        "rows: /data",
                        paging.setting)) {
            pages.step(source, true);
            pages.step(source, false);
            items.set(7, "{\"id\":\"late\"}");
            pages.read(source);
        }

        assertThat(pages.rows()).hasSize(11);
        assertThat(pages.once()).containsExactlyElementsOf(items);
    }

    @Test
    void aPageThatHasChangedIsTakenAsAWhole() throws Exception {
        add(0, 2);
        try (HttpSource source = source("/items", "rows: /data", "id: /id")) {
            pages.read(source);
            items.addFirst("{\"id\":\"first\"}");
            pages.read(source);
        }

        assertThat(pages.once()).containsExactly(items.get(1), items.get(2), items.get(0));
    }

    @Test
    void secretsComeFromFilesAndGoOutAsHeaders() throws Exception {
        Files.writeString(folder.resolve("token"), "Bearer s3cret\n");
        try (HttpSource source =
                source(
                        "/items",
                        "rows: /data",
                        "secret-headers: {Authorization: '${file:token}'}")) {
            pages.read(source);
        }

        assertThat(asked).containsExactly(" Bearer s3cret");
    }

    @Test
    void whatCannotBeReadIsSaid() throws Exception {
        try (HttpSource elsewhere = source("/elsewhere", "rows: /data", "next-link: /links/next");
                HttpSource none = source("/none", "rows: /data");
                HttpSource large = source("/items", "rows: /data", "page-size: 10B");
                HttpSource missing =
                        source("/items", "rows: /data", "secret-headers: {X: '${env:NO_SUCH}'}")) {
            assertThatThrownBy(() -> elsewhere.read(Map.of()))
                    .hasMessageContaining("on another server");
            assertThatThrownBy(() -> none.read(Map.of())).hasMessageContaining("http.rows");
            assertThatThrownBy(() -> large.read(Map.of())).hasMessageContaining("page-size");
            assertThatThrownBy(() -> missing.read(Map.of())).hasMessageContaining("NO_SUCH");
            status = 503;
            assertThatThrownBy(() -> none.read(Map.of())).hasMessageContaining("answers 503");
        }
    }

    @Test
    void settingsThatCannotWorkAreRefusedWithoutRepeatingSecrets() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pull("http://a/", Map.of("Authorization", "Bearer x"), Map.of()))
                .withMessageContaining("secret-headers")
                .withMessageNotContaining("Bearer");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pull("http://a/", Map.of(), Map.of("Authorization", "hunter2")))
                .withMessageContaining("env:NAME")
                .withMessageNotContaining("hunter2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pull("ftp://a/", Map.of(), Map.of()))
                .withMessageContaining("url");
    }

    private static HttpPull pull(
            String url, Map<String, String> headers, Map<String, String> secrets) {
        return new HttpPull(
                url,
                headers,
                secrets,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                java.time.Duration.ofSeconds(5),
                DataSize.mebibytes(1));
    }
}
