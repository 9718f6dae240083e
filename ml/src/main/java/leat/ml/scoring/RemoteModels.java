package leat.ml.scoring;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import leat.core.model.ModelReference;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.core.scoring.Predictor;
import leat.core.scoring.Signature;
import leat.core.scoring.Tensor;

/// Predictions of models that servers of the Open Inference Protocol compute: one call for all rows
/// of a request, answered by one version. Of a request that the server refuses, the rows that are
/// to blame fail alone. Safe for many threads.
public final class RemoteModels implements Predictor, AutoCloseable {

    private final Map<String, URI> servers;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<ModelReference, RemoteModel> known = new ConcurrentHashMap<>();

    /// Asks nobody yet.
    ///
    /// @param servers where each model is, by its name: `http://HOST:PORT`
    public RemoteModels(Map<String, URI> servers) {
        this.servers = Map.copyOf(servers);
    }

    /// Whether one of the servers has a model of that name.
    public boolean has(String model) {
        return servers.containsKey(model);
    }

    @Override
    public List<Predicted> predict(PredictionRequest request) {
        long deadline = System.nanoTime() + request.timeout().toNanos();
        ModelReference reference = request.model();
        try {
            RemoteModel model = known.get(reference);
            if (model == null) {
                model = open(reference, request.timeout());
                known.put(reference, model);
            }
            return new Asking(new OneRequest(reference, model), deadline).ask(request);
        } catch (ModelUnready e) {
            // What it takes may be another next time.
            known.remove(reference);
            return Asking.failed(request, e);
        }
    }

    private RemoteModel open(ModelReference reference, Duration patience) {
        URI server = servers.get(reference.modelName());
        if (server == null) {
            throw new IllegalStateException("no server is known for " + reference);
        }
        return RemoteModel.open(client, server, reference, patience);
    }

    /// The model to one request, which keeps the version that answered.
    private final class OneRequest implements VersionedModel {
        private final ModelReference reference;
        private final RemoteModel model;
        private String version = "";

        OneRequest(ModelReference reference, RemoteModel model) {
            this.reference = reference;
            this.model = model;
        }

        @Override
        public Signature signature() {
            return model.signature();
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs, Duration patience) {
            try {
                RemoteModel.Answer answer = model.answer(inputs, patience);
                version = answer.version();
                return answer.outputs();
            } catch (ModelFailed e) {
                // An alias may mean a version by now that takes something else.
                known.remove(reference, model);
                throw e;
            }
        }

        @Override
        public String version() {
            return version;
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
