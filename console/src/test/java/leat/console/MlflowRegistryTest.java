package leat.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import leat.console.mlflow.MlflowApi;
import leat.core.artifact.StoredFile;
import leat.core.artifact.StoredFiles;
import leat.core.model.ModelVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Models and artifacts over MLflow's protocol.
final class MlflowRegistryTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String FILES = "/api/2.0/mlflow-artifacts/artifacts";

    @TempDir private Path folder;
    private final FoldedRegistry registry = new FoldedRegistry();
    private final ObjectsInMemory objects = new ObjectsInMemory();
    private RunningConsole running;
    private HttpClient client;

    @BeforeEach
    void start() throws IOException {
        running =
                RunningConsole.start(
                        folder,
                        new MlflowApi.Parts(
                                new FoldedTracking(), registry, new ArtifactsInMemory(), objects));
        client = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() {
        client.close();
        running.close();
    }

    private HttpResponse<byte[]> sent(String method, String path, byte[] body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + running.console().port() + path))
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private JsonNode answer(String method, String path, String body, int status)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> response = sent(method, path, body.getBytes(UTF_8));
        assertThat(response.statusCode()).as(new String(response.body(), UTF_8)).isEqualTo(status);
        return JSON.readTree(response.body());
    }

    private JsonNode call(String method, String call, String body)
            throws IOException, InterruptedException {
        return answer(method, "/api/2.0/mlflow/" + call, body.replace('\'', '"'), 200);
    }

    private JsonNode get(String call) throws IOException, InterruptedException {
        return call("GET", call, "");
    }

    private void withModel(String name) throws Exception {
        call("POST", "registered-models/create", "{'name':'" + name + "'}");
    }

    private void withVersion(String name, String source) throws Exception {
        call(
                "POST",
                "model-versions/create",
                "{'name':'" + name + "','source':'" + source + "','run_id':'r1'}");
    }

    @Test
    void aVersionInAnObjectStoreIsRegisteredWithWhatIsThereAndRefusedWhereNobodyCanSay()
            throws Exception {
        withModel("cars");
        objects.put("s3://models/a", new StoredFile("model.onnx", 3, "e1"));
        withVersion("cars", "s3://models/a");
        objects.put("s3://models/a", new StoredFile("model.onnx", 4, "e2"));
        withVersion("cars", "https://elsewhere/a");

        assertThat(registry.read(state -> state.version("cars", 1)).orElseThrow().info().stored())
                .contains(
                        new StoredFiles(
                                "s3://models/a", List.of(new StoredFile("model.onnx", 3, "e1"))));
        assertThat(registry.read(state -> state.version("cars", 2)).orElseThrow().info().stored())
                .isEmpty();
        String create = "{\"name\":\"cars\",\"source\":\"s3://models/%s\"}";
        String path = "/api/2.0/mlflow/model-versions/create";
        assertThat(answer("POST", path, create.formatted("none"), 404).path("message").asString())
                .isEqualTo("Nothing is below 's3://models/none'");
        objects.away = true;
        JsonNode refused = answer("POST", path, create.formatted("a"), 503);
        assertThat(refused.path("error_code").asString()).isEqualTo("TEMPORARILY_UNAVAILABLE");
        assertThat(refused.path("message").asString())
                .startsWith("The version is not registered: the object store does not give");
        assertThat(registry.<List<ModelVersion>>read(state -> state.versions("cars"))).hasSize(2);
    }

    @Test
    void aModelIsRegisteredVersionedAliasedAndReadAgainInTheProtocolsFields() throws Exception {
        call(
                "POST",
                "registered-models/create",
                "{'name':'cars','description':'all','tags':[{'key':'a','value':'b'}]}");
        withVersion("cars", "mlflow-artifacts:/0/r1/artifacts/model");
        withVersion("cars", "mlflow-artifacts:/0/r2/artifacts/model");
        call("POST", "registered-models/alias", "{'name':'cars','alias':'champion','version':'2'}");
        call(
                "POST",
                "model-versions/set-tag",
                "{'name':'cars','version':'2','key':'gate','value':'passed'}");
        call(
                "PATCH",
                "model-versions/update",
                "{'name':'cars','version':'2','description':'better'}");

        JsonNode version = get("registered-models/alias?name=cars&alias=champion");
        JsonNode model = get("registered-models/get?name=cars").required("registered_model");

        JsonNode expected =
                JSON.readTree(
                        """
                        {"name": "cars", "version": "2", "creation_timestamp": "1000",
                         "last_updated_timestamp": "1000", "current_stage": "None",
                         "description": "better",
                         "source": "mlflow-artifacts:/0/r2/artifacts/model", "run_id": "r1",
                         "run_link": "", "model_id": "", "status": "READY",
                         "tags": [{"key": "gate", "value": "passed"}], "aliases": ["champion"]}
                        """);
        assertThat(version.required("model_version")).isEqualTo(expected);
        assertThat(get("model-versions/get?name=cars&version=2")).isEqualTo(version);
        assertThat(get("registered-models/alias?name=cars&alias=latest")).isEqualTo(version);
        assertThat(model.required("latest_versions").get(0)).isEqualTo(expected);
        assertThat(model.required("aliases"))
                .isEqualTo(JSON.readTree("[{\"alias\":\"champion\",\"version\":\"2\"}]"));
        assertThat(model.required("tags"))
                .isEqualTo(JSON.readTree("[{\"key\":\"a\",\"value\":\"b\"}]"));
        assertThat(
                        get("model-versions/get-download-uri?name=cars&version=1")
                                .required("artifact_uri")
                                .asString())
                .isEqualTo("mlflow-artifacts:/0/r1/artifacts/model");
        assertThat(
                        call(
                                "POST",
                                "registered-models/get-latest-versions",
                                "{'name':'cars','stages':['None']}"))
                .isEqualTo(get("registered-models/get-latest-versions?name=cars"));
        assertThat(get("registered-models/get-latest-versions?name=cars&stages=Production"))
                .isEqualTo(JSON.readTree("{\"model_versions\":[]}"));
    }

    @Test
    void modelsAreRenamedAndDeletedWithWhatTheyHave() throws Exception {
        withModel("cars");
        withVersion("cars", "s3://x");
        call("POST", "registered-models/alias", "{'name':'cars','alias':'a','version':1}");
        call("POST", "registered-models/set-tag", "{'name':'cars','key':'k','value':'v'}");
        call("DELETE", "registered-models/delete-tag", "{'name':'cars','key':'k'}");
        call("PATCH", "registered-models/update", "{'name':'cars','description':'x'}");
        call("POST", "registered-models/rename", "{'name':'cars','new_name':'vans'}");
        call("DELETE", "registered-models/alias", "{'name':'vans','alias':'a'}");

        JsonNode vans = get("registered-models/get?name=vans").required("registered_model");
        assertThat(vans.required("description").asString()).isEqualTo("x");
        assertThat(vans.required("aliases")).isEmpty();
        assertThat(vans.required("tags")).isEmpty();

        call("DELETE", "model-versions/delete", "{'name':'vans','version':'1'}");
        assertThat(get("model-versions/search").required("model_versions")).isEmpty();
        call("DELETE", "registered-models/delete", "{'name':'vans'}");
        assertThat(get("registered-models/search").required("registered_models")).isEmpty();
    }

    @Test
    void modelsAndVersionsAreSearchedWithFiltersOrdersAndPages() throws Exception {
        for (String name : new String[] {"cars", "trucks", "vans"}) {
            withModel(name);
            withVersion(name, "s3://" + name + "/1");
            withVersion(name, "s3://" + name + "/2");
        }
        call("POST", "registered-models/set-tag", "{'name':'vans','key':'team','value':'x'}");

        JsonNode first = get("registered-models/search?max_results=2&order_by=name%20DESC");
        JsonNode rest =
                get(
                        "registered-models/search?max_results=2&order_by=name%20DESC&page_token="
                                + first.required("next_page_token").asString().replace("=", "%3D"));
        assertThat(first.findValuesAsString("name"))
                .startsWith("vans")
                .contains("trucks")
                .doesNotContain("cars");
        assertThat(rest.required("registered_models")).hasSize(1);
        assertThat(
                        get("registered-models/search?filter=tags.team%20%3D%20'x'")
                                .required("registered_models"))
                .hasSize(1);
        assertThat(
                        get("registered-models/search?filter=name%20LIKE%20'%25s'%20AND%20"
                                        + "tags.%60mlflow.prompt.is_prompt%60%20!%3D%20'true'")
                                .required("registered_models"))
                .hasSize(3);
        JsonNode versions =
                get("model-versions/search?filter=name%20IN%20('cars','vans')&order_by="
                                + "version_number%20ASC&order_by=name%20DESC")
                        .required("model_versions");
        assertThat(versions.findValuesAsString("source"))
                .containsExactly("s3://vans/1", "s3://cars/1", "s3://vans/2", "s3://cars/2");
        assertThat(
                        get("model-versions/search?filter=run_id%3D'r1'%20AND%20source_path%3D"
                                        + "'s3://cars/2'")
                                .findValuesAsString("version"))
                .containsExactly("2");
    }

    @Test
    void aLoggedModelIsMadeFinishedSearchedAndShownWithItsRun() throws Exception {
        String run =
                call("POST", "runs/create", "{'experiment_id':'0'}")
                        .at("/run/info/run_id")
                        .asString();
        String id =
                call(
                                "POST",
                                "logged-models",
                                "{'experiment_id':'0','name':'tree','source_run_id':'"
                                        + run
                                        + "','params':[{'key':'depth','value':'3'}]}")
                        .at("/model/info/model_id")
                        .asString();
        String one = "logged-models/" + id;
        call("PATCH", one, "{'model_id':'" + id + "','status':'LOGGED_MODEL_READY'}");
        call(
                "PATCH",
                one + "/tags",
                "{'tags':[{'key':'a/b','value':'c'},{'key':'d','value':'e'}]}");
        call("DELETE", one + "/tags/a/b", "");
        call("POST", one + "/params", "{'params':[{'key':'rate','value':'1'}]}");
        call(
                "POST",
                "runs/outputs",
                "{'run_id':'" + run + "','models':[{'model_id':'" + id + "'}]}");
        call(
                "POST",
                "runs/log-inputs",
                "{'run_id':'" + run + "','models':[{'model_id':'" + id + "'}]}");
        call("POST", "runs/log-model", "{'run_id':'" + run + "','model_json':'{\\'x\\':1}'}");
        call("POST", "runs/log-model", "{'run_id':'" + run + "','model_json':'{}'}");

        JsonNode model = get(one).required("model");
        JsonNode shown = get("runs/get?run_id=" + run).required("run");

        assertThat(id).matches("m-[0-9a-f]{32}");
        assertThat(model.at("/info/artifact_uri").asString())
                .isEqualTo("mlflow-artifacts:/0/models/" + id + "/artifacts");
        assertThat(model.at("/info/status").asString()).isEqualTo("LOGGED_MODEL_READY");
        assertThat(model.at("/info/tags"))
                .isEqualTo(JSON.readTree("[{\"key\":\"d\",\"value\":\"e\"}]"));
        assertThat(model.at("/data/params")).hasSize(2);
        assertThat(shown.at("/outputs/model_outputs/0/model_id").asString()).isEqualTo(id);
        assertThat(shown.at("/outputs/model_outputs/0/step").asString()).isEqualTo("0");
        assertThat(shown.at("/inputs/model_inputs/0/model_id").asString()).isEqualTo(id);
        assertThat(shown.at("/data/tags").findValuesAsString("value")).contains("[{\"x\":1},{}]");
        assertThat(
                        call("POST", "runs/search", "{'experiment_ids':['0']}")
                                .at("/runs/0/outputs/model_outputs"))
                .hasSize(1);

        call("POST", "logged-models", "{'experiment_id':'0','name':'other'}");
        String search =
                "{'experiment_ids':['0'],'order_by':[{'field_name':'name','ascending':false}],"
                        + "'filter':'FILTER'}";
        assertThat(
                        call("POST", "logged-models/search", search.replace("FILTER", ""))
                                .findValuesAsString("name"))
                .containsExactly("tree", "other");
        assertThat(
                        call(
                                        "POST",
                                        "logged-models/search",
                                        search.replace("FILTER", "params.depth = \\'3\\'"))
                                .required("models"))
                .hasSize(1);
        call("DELETE", one, "");
        answer("GET", "/api/2.0/mlflow/" + one, "", 404);
        get(one + "?allow_deleted=true");
    }

    @Test
    void aLoggedModelHasTheMetricsThatWereLoggedForIt() throws Exception {
        String run =
                call("POST", "runs/create", "{'experiment_id':'0'}")
                        .at("/run/info/run_id")
                        .asString();
        String one = loggedModel("one");
        String two = loggedModel("two");
        String ofRun = "{'run_id':'" + run + "',";
        call(
                "POST",
                "runs/log-metric",
                ofRun + "'key':'acc','value':0.5,'timestamp':1,'model_id':'" + one + "'}");
        call(
                "POST",
                "runs/log-batch",
                ofRun
                        + "'metrics':[{'key':'acc','value':0.75,'timestamp':1,'step':1,'model_id':'"
                        + two
                        + "','dataset_name':'cars','dataset_digest':'8f'},"
                        + "{'key':'loss','value':2,'timestamp':1}]}");

        JsonNode ofTwo = get("logged-models/" + two).at("/model/data/metrics");
        JsonNode ofItsRun = get("runs/get?run_id=" + run).at("/run/data/metrics");
        String search = "{'experiment_ids':['0'],'filter':'metrics.acc > FROM'REST}";

        assertThat(ofTwo)
                .isEqualTo(
                        JSON.readTree(
                                """
                                [{"key": "acc", "value": 0.75, "timestamp": "1", "step": "1",
                                  "model_id": "TWO", "run_id": "RUN", "dataset_name": "cars",
                                  "dataset_digest": "8f"}]
                                """
                                        .replace("TWO", two)
                                        .replace("RUN", run)));
        assertThat(ofItsRun).hasSize(2);
        assertThat(models(search.replace("FROM", "0.6").replace("REST", ""))).containsExactly(two);
        assertThat(
                        models(
                                search.replace("FROM", "0")
                                        .replace(
                                                "REST",
                                                ",'order_by':[{'field_name':'metrics.acc'}]")))
                .containsExactly(one, two);
        assertThat(
                        models(
                                search.replace("FROM", "0")
                                        .replace("REST", ",'datasets':[{'dataset_name':'cars'}]")))
                .containsExactly(two);
        assertThat(
                        models(
                                search.replace("FROM", "0")
                                        .replace("REST", ",'datasets':[{'dataset_name':'vans'}]")))
                .isEmpty();
    }

    private String loggedModel(String name) throws Exception {
        return call("POST", "logged-models", "{'experiment_id':'0','name':'" + name + "'}")
                .at("/model/info/model_id")
                .asString();
    }

    private List<String> models(String search) throws Exception {
        return call("POST", "logged-models/search", search)
                .required("models")
                .valueStream()
                .map(model -> model.at("/info/model_id").asString())
                .toList();
    }

    @Test
    void artifactsAreUploadedListedDownloadedAndDeleted() throws Exception {
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);
        String run =
                call("POST", "runs/create", "{'experiment_id':'0'}")
                        .at("/run/info/run_id")
                        .asString();
        String root = "0/" + run + "/artifacts";

        assertThat(sent("PUT", FILES + "/" + root + "/model/gr%C3%B6%C3%9Fe%20x.bin", bytes).body())
                .isEqualTo("{}".getBytes(UTF_8));
        sent("PUT", FILES + "/" + root + "/empty", new byte[0]);
        HttpResponse<byte[]> read =
                sent("GET", FILES + "/" + root + "/model/gr%C3%B6%C3%9Fe%20x.bin", new byte[0]);

        assertThat(read.body()).isEqualTo(bytes);
        assertThat(read.headers().firstValue("content-disposition")).contains("attachment");
        assertThat(read.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(sent("GET", FILES + "/" + root + "/empty", new byte[0]).body()).isEmpty();
        assertThat(answer("GET", FILES + "?path=" + root, "", 200))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"files": [{"path": "empty", "is_dir": false, "file_size": "0"},
                                           {"path": "model", "is_dir": true}]}
                                """));
        assertThat(get("artifacts/list?run_id=" + run + "&path=model"))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"root_uri": "mlflow-artifacts:/ROOT", "files": [
                                  {"path": "model/größe x.bin", "is_dir": false,
                                   "file_size": "3000000"}]}
                                """
                                        .replace("ROOT", root)));

        answer("DELETE", FILES + "/" + root + "/model", "", 200);
        answer("GET", FILES + "/" + root + "/model/gr%C3%B6%C3%9Fe%20x.bin", "", 404);
    }

    @Test
    void aFileThatCannotBeReadToItsEndIsNoWholeAnswer() throws Exception {
        sent("PUT", FILES + "/0/small-cut", new byte[10]);
        sent("PUT", FILES + "/0/large-cut", new byte[1_000_000]);

        JsonNode small = answer("GET", FILES + "/0/small-cut", "", 503);
        assertThat(small.required("error_code").asString()).isEqualTo("TEMPORARILY_UNAVAILABLE");
        assertThatThrownBy(() -> sent("GET", FILES + "/0/large-cut", new byte[0]))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "POST | registered-models/create | {'name':'a/b'} | 400 | INVALID_PARAMETER_VALUE | Invalid model name 'a/b'. Names cannot contain '/' or ':'.",
                "GET | registered-models/get?name=x | ^^ | 404 | RESOURCE_DOES_NOT_EXIST | Registered Model with name=x not found",
                "GET | model-versions/get?name=x&version=1 | ^^ | 404 | RESOURCE_DOES_NOT_EXIST | Registered Model with name=x not found",
                "GET | model-versions/get?name=x&version=a | ^^ | 400 | INVALID_PARAMETER_VALUE | Invalid value \"a\" for parameter 'version' supplied",
                "GET | model-versions/get?name=x&version=0 | ^^ | 400 | INVALID_PARAMETER_VALUE | Invalid value 0 for parameter 'version' supplied",
                "POST | model-versions/create | {'name':'x','source':'s'} | 404 | RESOURCE_DOES_NOT_EXIST | Registered Model with name=x not found",
                "POST | model-versions/transition-stage | {} | 400 | INVALID_PARAMETER_VALUE | Versions have no stages here",
                "GET | registered-models/search?max_results=1001 | ^^ | 400 | INVALID_PARAMETER_VALUE | Invalid value 1001 for parameter 'max_results'",
                "GET | model-versions/search?filter=status%3D'x' | ^^ | 400 | INVALID_PARAMETER_VALUE | Invalid attribute key 'status' specified.",
                "GET | logged-models/m-1 | ^^ | 404 | RESOURCE_DOES_NOT_EXIST | Logged model with ID 'm-1' not found.",
                "POST | logged-models | {'experiment_id':'9'} | 404 | RESOURCE_DOES_NOT_EXIST | No Experiment with id=9 exists",
                "PATCH | logged-models/m-1 | {'status':'x'} | 400 | INVALID_PARAMETER_VALUE | Invalid value \"x\" for parameter 'status' supplied",
                "POST | runs/log-metric | {'run_id':'x','key':'a','value':1,'timestamp':1,'model_id':'m-1'} | 404 | RESOURCE_DOES_NOT_EXIST | Logged model with ID 'm-1' not found.",
                "POST | runs/log-metric | {'run_id':'x','key':'a','value':1,'timestamp':1,'model_id':'m-1','dataset_name':'d'} | 400 | INVALID_PARAMETER_VALUE | Both 'dataset_name' and 'dataset_digest' must be provided",
                "POST | logged-models/search | {'order_by':[{'field_name':'metrics.a','dataset_digest':'1'}]} | 400 | INVALID_PARAMETER_VALUE | `dataset_digest` can only be specified if",
                "POST | logged-models/search | {'datasets':[{}]} | 400 | INVALID_PARAMETER_VALUE | Missing value for required parameter 'datasets[0].dataset_name'.",
                "POST | runs/outputs | {'run_id':'x','models':[]} | 404 | RESOURCE_DOES_NOT_EXIST | Run with id=x not found",
                "GET | artifacts/list?run_id=x | ^^ | 404 | RESOURCE_DOES_NOT_EXIST | Run with id=x not found",
            })
    void whatIsNotDoneIsSaidInTheProtocolsErrors(
            String method, String call, String body, int status, String code, String message)
            throws Exception {
        JsonNode answer =
                answer(method, "/api/2.0/mlflow/" + call, body.replace('\'', '"'), status);

        assertThat(answer.path("message").asString("")).startsWith(message);
        assertThat(answer.path("error_code").asString("")).isEqualTo(code);
    }

    @Test
    void pathsOfArtifactsThatLeadElsewhereAreRefused() throws Exception {
        for (String path : new String[] {"/0/..%2Fx", "/0/a%5Cb", "/0/a%00b"}) {
            assertThat(sent("PUT", FILES + path, new byte[1]).statusCode()).as(path).isEqualTo(400);
        }
        assertThat(sent("GET", FILES, new byte[0]).statusCode()).isEqualTo(400);
        assertThat(sent("GET", FILES + "/0/x", new byte[0]).statusCode()).isEqualTo(404);
        assertThat(
                        sent("POST", "/api/2.0/mlflow-artifacts/mpu/create/0/x", new byte[0])
                                .statusCode())
                .isEqualTo(404);
    }
}
