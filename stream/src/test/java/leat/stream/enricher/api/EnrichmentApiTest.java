package leat.stream.enricher.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import leat.core.enrich.Answers.Answer;
import leat.core.enrich.Answers.Question;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The client against a real HTTP server that answers, fails and hangs as a test wants.
final class EnrichmentApiTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final List<AutoCloseable> opened = new ArrayList<>();

    /// What the server says to a body: a status and a body.
    private record Said(int status, String body) {}

    private ApiSettings server(Function<String, Said> answer) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    requests.add(body);
                    Said said = answer.apply(body);
                    byte[] bytes = said.body().getBytes(StandardCharsets.UTF_8);
                    now.decrementAndGet();
                    exchange.sendResponseHeaders(said.status(), bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
        opened.add(() -> server.stop(0));
        return ApiSettings.at("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/x");
    }

    private EnrichmentApi api(ApiSettings settings) {
        EnrichmentApi api = EnrichmentApi.of("test-" + NUMBER.incrementAndGet(), settings);
        opened.add(api);
        return api;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    /// Knows every key: its length.
    private static Said lengths(String body) {
        StringBuilder json = new StringBuilder("{\"results\":[");
        for (JsonNode request : JsonMapper.shared().readTree(body).path("requests")) {
            json.append(json.toString().endsWith("[") ? "" : ",")
                    .append("{\"fields\":{\"length\":")
                    .append(request.path("key").stringValue().length())
                    .append("}}");
        }
        return new Said(200, json + "]}");
    }

    private static Question question(String key) {
        return new Question(key, "");
    }

    private static List<Question> questions(int count) {
        return IntStream.range(0, count).mapToObj(i -> question("x".repeat(i + 1))).toList();
    }

    @Test
    void answersComeInTheOrderOfTheQuestionsFromCallsOfALimitedSizeAndNumber() throws Exception {
        ApiSettings at = server(EnrichmentApiTest::lengths);
        EnrichmentApi api = api(new ApiSettings(at.url(), 7, 3, 0, 50, SECOND, Duration.ZERO, 1));

        List<Answer> answers = api.ask(questions(100), SECOND);

        assertThat(answers)
                .extracting(answer -> ((Answer.Found) answer).values().get("length"))
                .isEqualTo(IntStream.rangeClosed(1, 100).boxed().toList());
        assertThat(requests).hasSize(15);
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void equalQuestionsAreAskedOnceAndAnswersKeptWhereTheSettingsSaySo() throws Exception {
        ApiSettings at = server(EnrichmentApiTest::lengths);
        EnrichmentApi keeping =
                api(new ApiSettings(at.url(), 10, 1, 0, 50, SECOND, Duration.ofHours(1), 10));

        List<Answer> twice = keeping.ask(List.of(question("a"), question("a")), SECOND);
        List<Answer> again = keeping.ask(List.of(question("a"), question("b")), SECOND);

        assertThat(twice.getFirst()).isEqualTo(twice.getLast());
        assertThat(again.getFirst()).isEqualTo(twice.getFirst());
        assertThat(requests)
                .containsExactly(
                        "{\"requests\":[{\"key\":\"a\"}]}", "{\"requests\":[{\"key\":\"b\"}]}");
    }

    @Test
    void valuesMissingAndErrorsAreToldApart() throws Exception {
        EnrichmentApi api =
                api(
                        server(_ ->
                                new Said(
                                        200,
                                        """
                                        {"results":[
                                          {"fields":{"s":"t","n":1.50,"b":true,"z":null,"o":{"a":1}}},
                                          {"missing":true},
                                          {"error":"broken"},
                                          {}]}
                                        """)));

        List<Answer> answers = api.ask(questions(4), SECOND);

        Map<String, Object> values = ((Answer.Found) answers.getFirst()).values();
        assertThat(values).containsOnlyKeys("s", "n", "b", "o");
        assertThat(values.get("n")).hasToString("1.50");
        assertThat(answers.subList(1, 4))
                .containsExactly(
                        new Answer.Missing(""),
                        new Answer.Failed("broken"),
                        new Answer.Failed("a result has neither fields nor missing nor error"));
    }

    @Test
    void aPassingFailureIsRepeatedWithinTheBudget() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        ApiSettings at =
                server(body ->
                        calls.incrementAndGet() % 2 == 1 ? new Said(503, "busy") : lengths(body));
        EnrichmentApi repeating = api(at);
        EnrichmentApi not = api(new ApiSettings(at.url(), 100, 1, 0, 50, SECOND, Duration.ZERO, 1));

        assertThat(repeating.ask(questions(1), SECOND).getFirst()).isInstanceOf(Answer.Found.class);
        assertThat(not.ask(questions(1), SECOND))
                .containsExactly(new Answer.Failed("answered 503: busy"));
    }

    private static ApiSettings withBreaker(ApiSettings at, int percent) {
        return new ApiSettings(
                at.url(), 1, 1, 20, percent, Duration.ofMinutes(1), Duration.ZERO, 1);
    }

    @Test
    void afterTooManyFailuresNothingIsAskedForAWhile() throws Exception {
        ApiSettings at = server(_ -> new Said(400, "no"));
        EnrichmentApi api = api(withBreaker(at, 50));

        List<Answer> answers = api.ask(questions(30), SECOND);

        assertThat(requests).hasSize(10);
        assertThat(answers.getFirst()).isEqualTo(new Answer.Failed("answered 400: no"));
        assertThat(answers.getLast())
                .isEqualTo(
                        new Answer.Failed("is not asked for a while, since too many calls failed"));
    }

    @Test
    void aServiceThatHangsOrIsGoneIsAFailureInTime() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        ApiSettings hanging =
                server(_ -> {
                    try {
                        never.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                    return new Said(200, "");
                });

        List<Answer> late = api(hanging).ask(questions(1), Duration.ofMillis(100));
        List<Answer> gone = api(ApiSettings.at("http://127.0.0.1:1/")).ask(questions(1), SECOND);
        never.countDown();

        assertThat(((Answer.Failed) late.getFirst()).why()).startsWith("no answer within ");
        assertThat(((Answer.Failed) gone.getFirst()).why()).startsWith("cannot be reached: ");
    }

    @Test
    void anInterruptEndsTheAskingAtOnce() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        ApiSettings hanging =
                server(_ -> {
                    begun.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                    return new Said(200, "");
                });
        EnrichmentApi api = api(hanging);
        Thread caller = Thread.currentThread();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        begun.await();
                    } catch (InterruptedException _) {
                        return;
                    }
                    caller.interrupt();
                });

        assertThatThrownBy(() -> api.ask(questions(1), Duration.ofMinutes(10)))
                .isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
        never.countDown();
    }

    @Test
    void anAnswerOfAnotherShapeIsAFailure() throws Exception {
        assertThat(api(server(_ -> new Said(200, "<html>"))).ask(questions(2), SECOND))
                .allSatisfy(answer ->
                        assertThat(((Answer.Failed) answer).why())
                                .startsWith("the answer is not JSON: "));
        assertThat(api(server(_ -> new Said(200, "{\"results\":[]}"))).ask(questions(2), SECOND))
                .contains(new Answer.Failed("the answer has 0 results for 2 requests"));
    }
}
