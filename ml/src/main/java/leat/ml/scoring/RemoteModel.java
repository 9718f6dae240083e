package leat.ml.scoring;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import leat.core.model.ModelReference;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.Signature;
import leat.core.scoring.Tensor;
import leat.ml.scoring.protocol.InferenceBody;
import leat.ml.scoring.protocol.InferenceJson;
import leat.ml.scoring.protocol.InferenceMalformed;
import leat.ml.scoring.protocol.InferenceRequest;
import leat.ml.scoring.protocol.InferenceResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A model of a server that speaks the Open Inference Protocol over HTTP. What it takes and gives
/// is asked once, when it is opened.
final class RemoteModel {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int OK = 200;
    private static final long MOST_BYTES = 64L << 20;
    private static final int BAD_REQUEST = 400;

    private final HttpClient client;
    private final URI place;
    private final ModelReference reference;
    private final Signature signature;

    private RemoteModel(
            HttpClient client, URI place, ModelReference reference, Signature signature) {
        this.client = client;
        this.place = place;
        this.reference = reference;
        this.signature = signature;
    }

    /// Asks the server for the model.
    ///
    /// @param server `http://HOST:PORT`
    /// @throws ModelUnready when it does not have it, or does not answer
    static RemoteModel open(
            HttpClient client, URI server, ModelReference reference, Duration patience) {
        URI place = place(server, reference);
        try {
            Signature signature =
                    InferenceJson.metadata(
                            sent(client, HttpRequest.newBuilder(place).GET(), patience));
            return new RemoteModel(client, place, reference, signature);
        } catch (InferenceMalformed | ModelFailed e) {
            throw new ModelUnready(
                    "the model server does not describe " + reference + ": " + e.getMessage());
        }
    }

    private static URI place(URI server, ModelReference reference) {
        String base = server.toString().replaceFirst("/+$", "");
        String version =
                switch (reference) {
                    case ModelReference.Numbered numbered -> Integer.toString(numbered.version());
                    case ModelReference.Aliased aliased -> aliased.alias();
                };
        return URI.create(
                base + "/v2/models/" + encoded(reference.modelName()) + "/versions/" + version);
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    Signature signature() {
        return signature;
    }

    /// What a run gave.
    ///
    /// @param version that answered, `failure-risk/3`
    record Answer(Map<String, Tensor> outputs, String version) {
        Answer {
            outputs = Map.copyOf(outputs);
        }
    }

    /// Runs the model.
    ///
    /// @throws ModelFailed when the server refuses the inputs
    /// @throws ModelUnready when it does not answer in time, or has the model no more
    Answer answer(Map<String, Tensor> inputs, Duration patience) {
        InferenceBody body =
                InferenceJson.write(new InferenceRequest("", inputs, List.of(), false));
        try {
            InferenceResponse response =
                    InferenceJson.response(
                            sent(
                                    client,
                                    HttpRequest.newBuilder(URI.create(place + "/infer"))
                                            .header("content-type", "application/json")
                                            .POST(
                                                    HttpRequest.BodyPublishers.ofByteArray(
                                                            body.bytes())),
                                    patience));
            Map<String, Tensor> outputs = new HashMap<>();
            response.outputs().forEach(output -> outputs.put(output.name(), output.tensor()));
            return new Answer(outputs, reference.modelName() + "/" + response.version());
        } catch (InferenceMalformed e) {
            throw new ModelUnready("the model server's answer is malformed: " + e.getMessage());
        }
    }

    private static InferenceBody sent(
            HttpClient client, HttpRequest.Builder request, Duration patience) {
        CompletableFuture<HttpResponse<byte[]>> sent =
                client.sendAsync(
                        request.build(),
                        HttpResponse.BodyHandlers.limiting(
                                HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
        HttpResponse<byte[]> response;
        try {
            response = sent.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw new ModelUnready(
                    "the model server took longer than " + patience.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw new ModelUnready("the model server cannot be reached: " + reason(e));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ModelUnready("gave up asking the model server");
        } finally {
            sent.cancel(true);
        }
        if (response.statusCode() == BAD_REQUEST) {
            throw new ModelFailed("the model server refuses: " + error(response.body()));
        }
        if (response.statusCode() != OK) {
            throw new ModelUnready(
                    "the model server answers "
                            + response.statusCode()
                            + ": "
                            + error(response.body()));
        }
        return InferenceBody.received(
                response.body(), response.headers().firstValue(InferenceBody.JSON_LENGTH));
    }

    /// Refused connections have no message.
    private static String reason(ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static String error(byte[] body) {
        try {
            JsonNode error = JSON.readTree(body).path("error");
            return error.isString() ? error.stringValue() : "without a reason";
        } catch (JacksonException _) {
            return "without a reason";
        }
    }
}
