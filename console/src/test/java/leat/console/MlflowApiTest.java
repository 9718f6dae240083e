package leat.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import leat.console.mlflow.MlflowApi;
import leat.core.tracking.Metric;
import leat.core.tracking.TrackingCommand;
import leat.core.tracking.TrackingFold;
import leat.core.tracking.search.Page;
import leat.core.tracking.search.PageRequest;
import leat.ml.registry.Artifacts;
import leat.ml.registry.Registry;
import leat.ml.tracking.Tracking;
import leat.stream.log.LogUnavailable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class MlflowApiTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir private static Path folder;
    private static RunningConsole running;
    private static HttpClient client;

    private record Answer(int status, JsonNode body) {}

    @BeforeAll
    static void start() throws IOException {
        running =
                RunningConsole.start(
                        folder,
                        new MlflowApi.Parts(
                                new FoldedTracking(), new FoldedRegistry(), Artifacts.NONE));
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        client.close();
        running.close();
    }

    private static Answer sent(RunningConsole to, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpResponse<String> response =
                client.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://127.0.0.1:" + to.console().port() + path))
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), JSON.readTree(response.body()));
    }

    private static Answer post(String call, String body) throws IOException, InterruptedException {
        return sent(running, "POST", "/api/2.0/mlflow/" + call, body);
    }

    private static Answer get(String call, Map<String, String> query)
            throws IOException, InterruptedException {
        String encoded =
                query.entrySet().stream()
                        .map(entry ->
                                entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), UTF_8))
                        .collect(Collectors.joining("&"));
        return sent(running, "GET", "/api/2.0/mlflow/" + call + "?" + encoded, "");
    }

    private static String experiment(String name) throws IOException, InterruptedException {
        Answer answer = post("experiments/create", "{\"name\":\"" + name + "\"}");
        assertThat(answer.status()).isEqualTo(200);
        return answer.body().required("experiment_id").asString();
    }

    private static String run(String experiment) throws IOException, InterruptedException {
        Answer answer =
                post(
                        "runs/create",
                        "{\"experiment_id\":\""
                                + experiment
                                + "\",\"start_time\":\"5\",\"unknown\":[1],\"user_id\":\"anna\"}");
        assertThat(answer.status()).isEqualTo(200);
        return answer.body().at("/run/info/run_id").asString();
    }

    private static void done(Answer answer) {
        assertThat(answer).isEqualTo(new Answer(200, JSON.createObjectNode()));
    }

    @Test
    void aRunIsLoggedAndReadAgainInTheProtocolsFields() throws Exception {
        String experiment = experiment("cars");
        String run = run(experiment);
        String id = "\"run_id\":\"" + run + "\"";

        done(post("runs/log-parameter", "{" + id + ",\"key\":\"depth\",\"value\":\"3\"}"));
        done(
                post(
                        "runs/log-metric",
                        "{" + id + ",\"key\":\"loss\",\"value\":\"NaN\",\"timestamp\":\"7\"}"));
        done(
                post(
                        "runs/log-batch",
                        "{"
                                + id
                                + ",\"metrics\":[{\"key\":\"acc\",\"value\":0.5,\"timestamp\":8,\"step\":\"2\"}],"
                                + "\"params\":[{\"key\":\"rate\",\"value\":\"0.1\"}],"
                                + "\"tags\":[{\"key\":\"team\",\"value\":\"fleet\"}]}"));
        done(post("runs/set-tag", "{" + id + ",\"key\":\"gone\",\"value\":\"\"}"));
        done(post("runs/delete-tag", "{" + id + ",\"key\":\"gone\"}"));
        Answer updated = post("runs/update", "{" + id + ",\"status\":\"FINISHED\",\"end_time\":9}");

        JsonNode read = get("runs/get", Map.of("run_id", run)).body().required("run");
        assertThat(read.required("info")).isEqualTo(updated.body().required("run_info"));
        assertThat(read.required("info"))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"run_id": "RUN", "run_uuid": "RUN", "run_name": "NAME",
                                 "experiment_id": "EXP", "user_id": "anna", "status": "FINISHED",
                                 "start_time": "5", "artifact_uri":
                                 "mlflow-artifacts:/EXP/RUN/artifacts",
                                 "lifecycle_stage": "active", "end_time": "9"}
                                """
                                        .replace("NAME", "run-" + run.substring(0, 8))
                                        .replace("RUN", run)
                                        .replace("EXP", experiment)));
        assertThat(read.required("data"))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"metrics": [
                                   {"key": "acc", "value": 0.5, "timestamp": "8", "step": "2"},
                                   {"key": "loss", "value": "NaN", "timestamp": "7", "step": "0"}],
                                 "params": [{"key": "depth", "value": "3"},
                                   {"key": "rate", "value": "0.1"}],
                                 "tags": [{"key": "mlflow.runName", "value": "NAME"},
                                   {"key": "team", "value": "fleet"}]}
                                """
                                        .replace("NAME", "run-" + run.substring(0, 8))));
        assertThat(get("runs/get", Map.of("run_uuid", run)).status()).isEqualTo(200);
    }

    @Test
    void theDatasetsOfARunAreReadAndFoundAgainInTheProtocolsFields() throws Exception {
        String experiment = experiment("with datasets");
        String run = run(experiment);
        run(experiment);
        String cars =
                """
                {"tags": [{"key": "mlflow.data.context", "value": "training"}],
                 "dataset": {"name": "cars", "digest": "8f/3", "source_type": "http",
                   "source": "{\\"url\\": \\"a\\"}", "schema": "{}",
                   "profile": "{\\"num_rows\\": 3}"}}
                """;
        String bare =
                """
                {"tags": [], "dataset": {"name": "vans", "digest": "1", "source_type": "code",
                   "source": "{}"}}
                """;
        String body = "{\"run_id\":\"" + run + "\",\"datasets\":[" + cars + "," + bare + "]}";

        done(post("runs/log-inputs", body));
        done(post("runs/log-inputs", body));
        Answer read = get("runs/get", Map.of("run_id", run));
        Answer found =
                post(
                        "runs/search",
                        "{\"experiment_ids\":[\""
                                + experiment
                                + "\"],\"filter\":\"datasets.digest = '8f/3'\"}");

        assertThat(read.body().at("/run/inputs"))
                .isEqualTo(JSON.readTree("{\"dataset_inputs\": [" + cars + ", " + bare + "]}"));
        assertThat(found.body().required("runs")).hasSize(1);
        assertThat(found.body().at("/runs/0")).isEqualTo(read.body().required("run"));
    }

    @Test
    void anExperimentIsMadeFoundChangedDeletedAndRestored() throws Exception {
        String id = experiment("trucks & co");
        String of = "{\"experiment_id\":\"" + id + "\"";
        done(post("experiments/set-experiment-tag", of + ",\"key\":\"team\",\"value\":\"x\"}"));
        done(post("experiments/update", of + ",\"new_name\":\"vans & co\"}"));
        done(post("experiments/delete", of + "}"));

        Answer deleted = get("experiments/get-by-name", Map.of("experiment_name", "vans & co"));
        done(post("experiments/restore", of + "}"));
        Answer restored = get("experiments/get", Map.of("experiment_id", id));

        assertThat(deleted.body().at("/experiment/lifecycle_stage").asString())
                .isEqualTo("deleted");
        assertThat(restored.body().required("experiment"))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"experiment_id": "ID", "name": "vans & co",
                                 "artifact_location": "mlflow-artifacts:/ID",
                                 "lifecycle_stage": "active", "last_update_time": "1000",
                                 "creation_time": "1000",
                                 "tags": [{"key": "team", "value": "x"}]}
                                """
                                        .replace("ID", id)));
        done(post("experiments/delete-experiment-tag", of + ",\"key\":\"team\"}"));
        Answer found =
                post(
                        "experiments/search",
                        "{\"filter\":\"name LIKE 'vans%'\",\"max_results\":\"5\"}");
        assertThat(found.body().at("/experiments/0/experiment_id").asString()).isEqualTo(id);
        assertThat(found.body().at("/experiments/0/tags")).isEmpty();
    }

    @Test
    void runsAreSearchedByPages() throws Exception {
        String experiment = experiment("searched");
        for (int i = 0; i < 5; i++) {
            String run = run(experiment);
            done(
                    post(
                            "runs/log-metric",
                            "{\"run_id\":\""
                                    + run
                                    + "\",\"key\":\"acc\",\"value\":"
                                    + i
                                    + ",\"timestamp\":1}"));
        }
        String search =
                "{\"experiment_ids\":[\""
                        + experiment
                        + "\"],\"filter\":\"metrics.acc > 0.5\",\"order_by\":[\"metrics.acc"
                        + " DESC\"],\"max_results\":3,\"page_token\":\"TOKEN\"}";

        Answer first = post("runs/search", search.replace("TOKEN", ""));
        String token = first.body().required("next_page_token").asString();
        Answer second = post("runs/search", search.replace("TOKEN", token));

        assertThat(first.body().required("runs").findValuesAsString("value"))
                .filteredOn(value -> value.matches("[0-9.]+"))
                .containsExactly("4.0", "3.0", "2.0");
        assertThat(second.body().required("runs")).hasSize(1);
        assertThat(second.body().has("next_page_token")).isFalse();
    }

    @Test
    void aHistoryHasEveryPointAndPages() throws Exception {
        String run = run("0");
        String points =
                IntStream.range(0, 1_000)
                        .mapToObj(i ->
                                "{\"key\":\"loss\",\"value\":"
                                        + i
                                        + ",\"timestamp\":1,\"step\":"
                                        + (i % 10)
                                        + "}")
                        .collect(Collectors.joining(","));
        done(post("runs/log-batch", "{\"run_id\":\"" + run + "\",\"metrics\":[" + points + "]}"));

        Answer all = get("metrics/get-history", Map.of("run_id", run, "metric_key", "loss"));
        Answer part =
                get(
                        "metrics/get-history",
                        Map.of("run_id", run, "metric_key", "loss", "max_results", "999"));
        Answer none = get("metrics/get-history", Map.of("run_id", run, "metric_key", "none"));

        assertThat(all.body().required("metrics")).hasSize(1_000);
        assertThat(all.body().has("next_page_token")).isFalse();
        assertThat(part.body().required("next_page_token").asString()).isNotEmpty();
        assertThat(none.body().required("metrics")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "POST | experiments/create | {} | 400 | INVALID_PARAMETER_VALUE | Missing value for required parameter 'name'.",
                "POST | experiments/create | {\"name\":\"Default\"} | 400 | RESOURCE_ALREADY_EXISTS | Experiment(name=Default) already exists.",
                "POST | experiments/create | {\"name\":3} | 400 | INVALID_PARAMETER_VALUE | Invalid value 3 for parameter 'name' supplied: it is not a string",
                "POST | experiments/create | {\"name\" | 400 | BAD_REQUEST | The body is not JSON",
                "POST | experiments/create | [] | 400 | BAD_REQUEST | The body is not a JSON object",
                "GET | experiments/get?experiment_id=404 | ^^ | 404 | RESOURCE_DOES_NOT_EXIST | No Experiment with id=404 exists",
                "GET | experiments/get-by-name?experiment_name=x | ^^ | 404 | RESOURCE_DOES_NOT_EXIST | Could not find experiment with name 'x'",
                "GET | runs/get?run_id=nope | ^^ | 404 | RESOURCE_DOES_NOT_EXIST | Run with id=nope not found",
                "GET | metrics/get-history?run_id=nope&metric_key=x | ^^ | 404 | RESOURCE_DOES_NOT_EXIST | Run with id=nope not found",
                "POST | runs/update | {\"run_id\":\"x\",\"status\":\"DONE\"} | 400 | INVALID_PARAMETER_VALUE | Invalid value \"DONE\" for parameter 'status' supplied: it is not one of [RUNNING, SCHEDULED, FINISHED, FAILED, KILLED]",
                "POST | runs/log-batch | {\"run_id\":\"x\",\"metrics\":[{\"key\":\"a\",\"value\":1,\"timestamp\":1},{\"key\":\"b\"}]} | 400 | INVALID_PARAMETER_VALUE | Missing value for required parameter 'metrics[1].value'.",
                "POST | runs/search | {\"max_results\":50001} | 400 | INVALID_PARAMETER_VALUE | Invalid value 50001 for parameter 'max_results' supplied: It must be at most 50000.",
                "POST | runs/search | {\"filter\":\"x.y = 'z'\"} | 400 | INVALID_PARAMETER_VALUE | Invalid entity type 'x'.",
                "POST | runs/log-inputs | {\"run_id\":\"x\",\"datasets\":[{}]} | 400 | INVALID_PARAMETER_VALUE | Missing value for required parameter 'datasets[0].dataset'.",
                "POST | runs/log-inputs | {\"run_id\":\"x\",\"datasets\":[{\"dataset\":[]}]} | 400 | INVALID_PARAMETER_VALUE | Invalid value [] for parameter 'datasets[0].dataset' supplied: it is not an object",
                "POST | runs/log-inputs | {\"run_id\":\"x\",\"datasets\":[{\"dataset\":{\"name\":\"a\"}}]} | 400 | INVALID_PARAMETER_VALUE | Missing value for required parameter 'datasets[0].dataset.digest'.",
                "POST | runs/log-inputs | {\"run_id\":\"x\",\"datasets\":[{\"dataset\":{\"name\":\"a\",\"digest\":\"1\",\"source\":\"\"}}]} | 400 | INVALID_PARAMETER_VALUE | Missing value for required parameter 'datasets[0].dataset.source_type'.",
                "POST | traces | {} | 404 | ENDPOINT_NOT_FOUND | POST /api/2.0/mlflow/traces is not served here.",
                "GET | runs/create | ^^ | 404 | ENDPOINT_NOT_FOUND | GET /api/2.0/mlflow/runs/create is not served here.",
            })
    void whatIsNotDoneIsSaidInTheProtocolsErrors(
            String method, String call, String body, int status, String code, String message)
            throws Exception {
        Answer answer = sent(running, method, "/api/2.0/mlflow/" + call, body);

        assertThat(answer.body().path("message").asString("")).startsWith(message);
        assertThat(answer.body().path("error_code").asString("")).isEqualTo(code);
        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void otherPartsOfTheProtocolAreRefusedInItsFormToo() throws Exception {
        assertThat(
                        sent(
                                        running,
                                        "PUT",
                                        "/api/2.0/mlflow-artifacts/artifacts/0/x/artifacts/a",
                                        "x")
                                .body()
                                .path("error_code")
                                .asString(""))
                .isEqualTo("ENDPOINT_NOT_FOUND");
        assertThat(sent(running, "GET", "/api/3.0/mlflow/server-info", "").status()).isEqualTo(404);
    }

    @Test
    void requestsHaveALimitOfBytes() throws Exception {
        Answer answer =
                post(
                        "runs/set-tag",
                        "{\"run_id\":\"x\",\"key\":\"k\",\"value\":\""
                                + "x".repeat(1_000_000)
                                + "\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("error_code").asString(""))
                .isEqualTo("INVALID_PARAMETER_VALUE");
        assertThat(answer.body().path("message").asString(""))
                .startsWith("Requests must be at most 1000000 bytes");
    }

    /// A log that does not answer.
    private record Away() implements Tracking {
        @Override
        public <T> T read(Function<TrackingFold, T> question) {
            throw new LogUnavailable("no broker", null);
        }

        @Override
        public void write(TrackingCommand command) {
            throw new LogUnavailable("no broker", null);
        }

        @Override
        public Page<Metric> history(String runId, String metric, PageRequest page) {
            throw new LogUnavailable("no broker", null);
        }
    }

    @Test
    void whileKafkaIsAwayClientsAreToldToTryAgain(@TempDir Path other) throws Exception {
        try (RunningConsole away =
                RunningConsole.start(
                        other, new MlflowApi.Parts(new Away(), Registry.NONE, Artifacts.NONE))) {
            Answer answer = sent(away, "POST", "/api/2.0/mlflow/runs/search", "{}");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body().path("error_code").asString(""))
                    .isEqualTo("TEMPORARILY_UNAVAILABLE");
            assertThat(answer.body().path("message").asString(""))
                    .isEqualTo("Kafka does not answer: no broker");
        }
    }
}
