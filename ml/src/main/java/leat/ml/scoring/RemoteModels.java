package leat.ml.scoring;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import leat.core.model.ModelReference;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.core.scoring.Predictor;
import leat.core.scoring.Signature;
import leat.core.scoring.Tensor;
import leat.stream.log.Backoff;

/// Predictions of models that servers of the Open Inference Protocol compute: one call for all rows
/// of a request, answered by one version. Of a request that the server refuses, the rows that are
/// to blame fail alone. Safe for many threads.
public final class RemoteModels implements Predictor, AutoCloseable {

    private final Map<String, URI> servers;

    /// Servers that know HTTP/1.1 alone stumble over a body behind the wish for another version.
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

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
        Backoff backoff = new Backoff();
        while (true) {
            try {
                return ask(request);
            } catch (ModelUnready e) {
                // What it takes may be another next time.
                known.remove(request.model());
                Duration pause = backoff.next();
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("gave up asking the model server");
                }
                if (System.nanoTime() + pause.toNanos() - deadline >= 0) {
                    return Asking.failed(request, e);
                }
                LockSupport.parkNanos(pause.toNanos());
            }
        }
    }

    private List<Predicted> ask(PredictionRequest request) {
        RemoteModel before = known.get(request.model());
        if (before != null) {
            try {
                return Asking.atOnce(new OneRequest(before, true), request);
            } catch (Outdated _) {
                known.remove(request.model(), before);
            }
        }
        RemoteModel model = open(request.model(), request.timeout());
        known.put(request.model(), model);
        return Asking.atOnce(new OneRequest(model, false), request);
    }

    /// The server refuses what fits the model as it was: an alias may mean a version by now that
    /// takes something else.
    private static final class Outdated extends RuntimeException {
        private static final long serialVersionUID = 1;

        Outdated() {
            super(null, null, false, false);
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
    private static final class OneRequest implements VersionedModel {
        private final RemoteModel model;
        private final boolean mayBeOutdated;
        private String version = "";

        OneRequest(RemoteModel model, boolean mayBeOutdated) {
            this.model = model;
            this.mayBeOutdated = mayBeOutdated;
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
                if (mayBeOutdated && version.isEmpty()) {
                    throw new Outdated();
                }
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
