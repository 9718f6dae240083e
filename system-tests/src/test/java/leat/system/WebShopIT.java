package leat.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.launcher.config.Workspace;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The web-shop example in a real browser: its page comes from another origin than the collector's
/// script, and what visitors do arrives in the enriched topics once.
@Timeout(value = 8, unit = TimeUnit.MINUTES)
final class WebShopIT {

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final List<String> JAVA_OPTIONS = List.of("-Xmx384m");
    private static final String SOON = "data-linger=\"50\"";

    /// Nothing but the end of the page sends.
    private static final String NEVER = "data-linger=\"600000\"";

    @TempDir private static Path folder;

    private static int offset;
    private static Shop shop;
    private static LeatProcess leat;
    private static Playwright playwright;
    private static Browser browser;

    /// A page that stays open and shows nothing.
    private static Page other;

    private BrowserContext context;

    @BeforeAll
    static void open() throws IOException {
        shop = Shop.open();
        Workspaces.copyShop(
                folder,
                """
                format: 1
                prefix: shop
                collector:
                  http:
                    allowed-origins: ["%s"]
                """
                        .formatted(shop.origin()));
        offset = LeatProcess.freePortOffset(new Random(System.nanoTime()));
        leat = start();
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(chromium())
                                        .setArgs(List.of("--no-sandbox")));
        other = browser.newPage();
    }

    private static LeatProcess start() {
        LeatProcess started =
                LeatProcess.start(
                        folder, offset, JAVA_OPTIONS, "run", "kafka", "collector", "enricher");
        started.awaitReady(LIMIT);
        return started;
    }

    private static Path chromium() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> Assumptions.abort("chromium is not installed"));
    }

    @AfterAll
    static void close() {
        if (playwright != null) {
            playwright.close();
        }
        leat.close();
        shop.close();
    }

    @BeforeEach
    void newVisitor() {
        context = browser.newContext();
    }

    @AfterEach
    void visitorLeaves() {
        context.close();
    }

    /// @param attributes of the script
    private Page visit(String attributes) throws IOException {
        shop.sendTo(leat.collector(), attributes);
        Page page = context.newPage();
        page.navigate(shop.origin() + "/?mail=miller@example.org");
        return page;
    }

    private static void buy(Page page) {
        page.click("#look-FL-001");
        page.click("#add-FL-001");
        page.click("#add-ST-100");
        page.click("#order");
    }

    @Test
    void theExampleLetsThePageInThatItsReadmeServes() throws IOException {
        Workspace example = Workspace.open(Workspaces.SHOP);

        assertThat(example.config().collector().http().allowedOrigins())
                .contains("http://localhost:8099");
        assertThat(Files.readString(Workspaces.SHOP.resolve("README.md")))
                .contains("http.server 8099", "http://localhost:8099/");
    }

    @Test
    void whatAVisitorDoesArrivesWithoutWhatIsPersonal() throws IOException {
        // Given
        Counts before = counts();

        // When
        Page page = visit(SOON);
        buy(page);

        // Then
        awaitExactly(before, new Counts(1, 1, 2, 1));
        String view = enriched("page-view").getLast();
        assertThat(view).contains("\"title\":\"Mill shop\"", "\"url\":\"" + shop.origin() + "/\"");
        assertThat(view).doesNotContain("miller");
        String order = enriched("order-placed").getLast();
        assertThat(order)
                .contains("\"line_count\":2", "\"total\":891.9", "***567")
                .doesNotContain("miller@example.org");
        assertThat(context.cookies()).isEmpty();
        assertThat(page.evaluate("localStorage.length + sessionStorage.length")).isEqualTo(0);
    }

    @Test
    void answersThatAreLostDoubleNothing() throws IOException {
        // Given
        Counts before = counts();
        AtomicInteger lost = new AtomicInteger();
        context.route(
                "**/v1/events/**",
                route -> {
                    if (lost.incrementAndGet() <= 3) {
                        route.fetch();
                        route.abort();
                    } else {
                        route.resume();
                    }
                });

        // When
        Page page = visit(SOON);
        buy(page);
        page.waitForCondition(() -> lost.get() > 6);

        // Then
        awaitExactly(before, new Counts(1, 1, 2, 1));
        assertThat(raw("page-view").size()).isGreaterThan(enriched("page-view").size());
    }

    @Test
    void whatIsDoneJustBeforeThePageIsLeftArrives() throws IOException {
        // Given
        Counts before = counts();
        Page page = visit(NEVER);
        buy(page);
        assertThat(counts()).isEqualTo(before);

        // When
        page.navigate("about:blank");

        // Then
        awaitExactly(before, new Counts(1, 1, 2, 1));
    }

    @Test
    void whatIsDoneJustBeforeTheTabIsClosedArrives() throws IOException {
        // Given
        Counts before = counts();
        Page page = visit(NEVER);
        buy(page);

        // When
        page.close(new Page.CloseOptions().setRunBeforeUnload(true));

        // Then
        awaitExactly(before, new Counts(1, 1, 2, 1));
    }

    @Test
    void moreThanABeaconTakesGoesOutInSeveral() throws IOException {
        // Given
        Counts before = counts();
        Page page = visit(NEVER);
        page.evaluate(
                "for (let i = 0; i < 150; i++)"
                        + " leat.track('product-view', {sku: 'FL-001', price: 1.9})");

        // When
        page.navigate("about:blank");

        // Then
        awaitExactly(before, new Counts(1, 150, 0, 0));
    }

    @Test
    void whatIsDoneWhileTheCollectorIsAwayArrivesOnceItIsBack() throws IOException {
        // Given
        Counts before = counts();
        Page page = visit(SOON);
        awaitExactly(before, new Counts(1, 0, 0, 0));
        AtomicInteger failed = new AtomicInteger();
        page.onRequestFailed(request -> failed.incrementAndGet());

        // When
        leat.kill();
        buy(page);
        page.waitForCondition(() -> failed.get() >= 2);
        leat = start();

        // Then
        awaitExactly(before, new Counts(1, 1, 2, 1));
    }

    @Test
    void aPageOfAnotherOriginGetsNothingIn() throws IOException {
        // Given
        Counts before = counts();
        try (Shop other = Shop.open()) {
            other.sendTo(leat.collector(), SOON);
            Page page = context.newPage();
            AtomicInteger failed = new AtomicInteger();
            page.onRequestFailed(request -> failed.incrementAndGet());

            // When
            page.navigate(other.origin());
            page.waitForCondition(() -> failed.get() >= 2);
            page.navigate("about:blank");
        }

        // Then
        Page allowed = visit(SOON);
        awaitExactly(before, new Counts(1, 0, 0, 0));
        assertThat(allowed.title()).isEqualTo("Mill shop");
    }

    /// How many enriched events there are.
    private record Counts(int pages, int products, int carts, int orders) {
        Counts plus(Counts more) {
            return new Counts(
                    pages + more.pages,
                    products + more.products,
                    carts + more.carts,
                    orders + more.orders);
        }

        boolean reaches(Counts wanted) {
            return pages >= wanted.pages
                    && products >= wanted.products
                    && carts >= wanted.carts
                    && orders >= wanted.orders;
        }
    }

    private static Counts counts() {
        Map<String, List<String>> enriched = read(workspace().names()::enriched);
        return new Counts(
                count(enriched, "page-view"),
                count(enriched, "product-view"),
                count(enriched, "cart-change"),
                count(enriched, "order-placed"));
    }

    private static int count(Map<String, List<String>> events, String contract) {
        return events.getOrDefault(contract, List.of()).size();
    }

    /// Waits for so many more events, and for the enricher to have seen all that is on raw.
    private void awaitExactly(Counts before, Counts more) {
        Counts wanted = before.plus(more);
        long limit = System.nanoTime() + LIMIT.toNanos();
        Counts now = counts();
        while (!(now.reaches(wanted) && isWorkedOff()) && System.nanoTime() < limit) {
            // The browser's events are handled while its driver is spoken to.
            other.waitForTimeout(50);
            now = counts();
        }
        now = counts();
        assertThat(now).as(leat.output()).isEqualTo(wanted);
    }

    /// Whether the enricher has committed all that is on raw.
    private static boolean isWorkedOff() {
        Workspace workspace = Workspace.open(folder);
        try (Admin admin = workspace.log(offset).admin()) {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    admin.listConsumerGroupOffsets(workspace.names().group("enricher"))
                            .partitionsToOffsetAndMetadata()
                            .get();
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            committed.keySet().forEach(partition -> asked.put(partition, OffsetSpec.latest()));
            return admin.listOffsets(asked).all().get().entrySet().stream()
                    .allMatch(end -> {
                        OffsetAndMetadata done = committed.get(end.getKey());
                        return done != null && done.offset() >= end.getValue().offset();
                    });
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<String> enriched(String contract) {
        return read(workspace().names()::enriched).getOrDefault(contract, List.of());
    }

    private static List<String> raw(String contract) {
        return read(workspace().names()::raw).getOrDefault(contract, List.of());
    }

    private static Workspace workspace() {
        return Workspace.open(folder);
    }

    /// All committed values of the contracts' topics of one kind up to their present ends, by
    /// contract, in the order of their timestamps.
    private static Map<String, List<String>> read(Function<Contract, String> topicOf) {
        Map<String, String> contracts = new HashMap<>();
        workspace()
                .contracts()
                .all()
                .forEach(contract ->
                        contracts.put(topicOf.apply(contract), contract.name().value()));
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = workspace().log(offset).reader("test", Map.of())) {
            List<TopicPartition> partitions =
                    contracts.keySet().stream()
                            .flatMap(topic -> consumer.partitionsFor(topic).stream())
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream()
                    .anyMatch(partition ->
                            consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        records.sort((one, other) -> Long.compare(one.timestamp(), other.timestamp()));
        Map<String, List<String>> values = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            values.computeIfAbsent(
                            Objects.requireNonNull(contracts.get(record.topic())),
                            _ -> new ArrayList<>())
                    .add(new String(record.value(), UTF_8));
        }
        return values;
    }
}
