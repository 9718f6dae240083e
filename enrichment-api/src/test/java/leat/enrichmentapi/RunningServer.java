package leat.enrichmentapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import leat.core.config.DataSize;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.stream.log.LogConnection;

/// A server on free ports with a look-up `cars` from CSV, and a client of its REST door.
final class RunningServer implements AutoCloseable {

    private static final String CARS =
            """
            car,make,model_year,electric,price,note
            car-0001,Aurora,2021,true,30000.5,
            car-0002,Borealis,2019,false,25000,"two, ""quoted"" words"
            a/b c,Aurora,2020,false,1,
            """;

    private final EnrichmentApiServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    private RunningServer(EnrichmentApiServer server) {
        this.server = server;
    }

    static RunningServer start(Path folder) throws IOException {
        return start(folder, EnrichmentApiSettings.Trial.NONE);
    }

    static RunningServer start(Path folder, EnrichmentApiSettings.Trial trial) throws IOException {
        Files.writeString(folder.resolve("cars.csv"), CARS);
        return start(folder, trial, new LogConnection("127.0.0.1:1"), List.of());
    }

    /// With the model `risk` alone.
    static RunningServer startWithModel(Path folder) {
        return start(
                folder,
                EnrichmentApiSettings.Trial.NONE,
                new LogConnection("127.0.0.1:1"),
                List.of(),
                Map.of(
                        "risk",
                        new EnrichmentApiSettings.Model(
                                "failure@champion",
                                List.of("km", "stops"),
                                List.of("score", "label"),
                                Duration.ofSeconds(5))));
    }

    static RunningServer start(
            Path folder,
            EnrichmentApiSettings.Trial trial,
            LogConnection log,
            List<Contract> contracts) {
        return start(folder, trial, log, contracts, Map.of());
    }

    private static RunningServer start(
            Path folder,
            EnrichmentApiSettings.Trial trial,
            LogConnection log,
            List<Contract> contracts,
            Map<String, EnrichmentApiSettings.Model> models) {
        EnrichmentApiSettings settings =
                new EnrichmentApiSettings(
                        false,
                        new EnrichmentApiSettings.Http("127.0.0.1", 0, List.of()),
                        new EnrichmentApiSettings.Grpc("127.0.0.1", 0),
                        models,
                        DataSize.mebibytes(16),
                        trial,
                        false);
        return new RunningServer(
                EnrichmentApiServer.start(
                        settings,
                        new EnrichmentApiServer.Sources(
                                log,
                                new Names("leat"),
                                contracts,
                                folder,
                                RunningServer::predict)));
    }

    /// The sum of the features; a model that fails at odd ones.
    private static List<Predicted> predict(PredictionRequest request) {
        assertThat(request.model()).hasToString("failure@champion");
        return request.rows().stream().map(RunningServer::predict).toList();
    }

    private static Predicted predict(List<Object> row) {
        double sum = row.stream().mapToDouble(value -> ((Number) value).doubleValue()).sum();
        return sum % 2 == 1
                ? new Predicted.Failed("odd")
                : new Predicted.Values(List.of(sum, "even"), "failure/3");
    }

    int grpcPort() {
        return server.grpcPort();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    HttpResponse<String> post(String lookup, String body) throws IOException, InterruptedException {
        return send(
                request("/v1/lookups/" + lookup)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
