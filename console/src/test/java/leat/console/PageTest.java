package leat.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page as it is served, and as a real browser shows it.
final class PageTest {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    @TempDir private static Path folder;
    private static RunningConsole running;

    /// A platform one of whose stages has trouble.
    private record Troubled() implements StatusSource {
        @Override
        public Optional<String> notReady() {
            return Optional.empty();
        }

        @Override
        public Map<String, Object> status() {
            return Map.of(
                    "addresses", Map.of("collector", "http://127.0.0.1:8080"),
                    "stages",
                            Map.of(
                                    "enricher", "running",
                                    "search", "starting",
                                    "lake", "waits: <b>disk full</b>"));
        }
    }

    @BeforeAll
    static void start() throws IOException {
        running = RunningConsole.start(folder, List.of(), new Troubled());
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @Test
    void thePageTakesNothingFromElsewhere() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'none'");
        assertThat(page.body()).doesNotContain("http://", "https://", "style=", "onclick");
        assertThat(get("/console.css").headers().firstValue("content-type").orElseThrow())
                .startsWith("text/css");
    }

    @Test
    void everyPlaceThatTheScriptFillsIsOnThePage() throws Exception {
        String page = get("/").body();
        List<String> places =
                Pattern.compile("element\\(\"([a-z]+)\"\\)")
                        .matcher(get("/console.js").body())
                        .results()
                        .map(MatchResult::group)
                        .map(call -> call.substring(9, call.length() - 2))
                        .distinct()
                        .toList();

        assertThat(places).hasSizeGreaterThan(5);
        assertThat(places).allSatisfy(id -> assertThat(page).contains("id=\"" + id + "\""));
    }

    @Test
    void aBrowserShowsStagesAndTheAnswerOfAQueryInTheAddress() throws Exception {
        assumeTrue(Files.exists(CHROMIUM), "chromium is missing: scripts/install-test-tools");
        String sql = URLEncoder.encode("SELECT 6 * 7 AS answer", StandardCharsets.UTF_8);

        String shown = browse("/#sql=" + sql);

        assertThat(shown)
                .contains("takes events")
                .contains("<li class=\"well\">enricher: running</li>")
                .contains("<li class=\"begins\">search: starting</li>")
                .contains("lake: waits: &lt;b&gt;disk full&lt;/b&gt;")
                .contains("<th>answer</th>")
                .contains("<td class=\"number\">42</td>")
                .contains("1 row in ");
    }

    @Test
    void aBrowserShowsWhatIsWrongWithAQuery() throws Exception {
        assumeTrue(Files.exists(CHROMIUM), "chromium is missing: scripts/install-test-tools");

        assertThat(browse("/#sql=SELECT%20*%20FROM%20nowhere"))
                .contains("<p id=\"answered\" role=\"status\" class=\"ill\">there is no table");
    }

    private static HttpResponse<String> get(String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(address(path)).build(), BodyHandlers.ofString());
        }
    }

    private static URI address(String path) {
        return URI.create("http://127.0.0.1:" + running.console().port() + path);
    }

    /// The page's elements once it has asked what it asks.
    private static String browse(String path) throws Exception {
        Path shown = Files.createTempFile(folder, "page", ".html");
        Process browser =
                new ProcessBuilder(
                                CHROMIUM.toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--user-data-dir=" + Files.createTempDirectory(folder, "browser"),
                                "--virtual-time-budget=10000",
                                "--dump-dom",
                                address(path).toString())
                        .redirectOutput(shown.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(browser.waitFor(2, TimeUnit.MINUTES)).as("chromium ends").isTrue();
        return Files.readString(shown);
    }
}
