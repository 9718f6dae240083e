package leat.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import leat.stream.log.LogUnavailable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The console's `/v2`, asked in JSON.
final class RestDoor implements ScoreDoor {

    private static final String PATH = "/v2/models/" + Autoencoder.NAME + "/infer";
    private static final int CONNECTIONS = 64;
    private static final int DISTINCT_QUESTIONS = 5_000;
    private static final int COMPARED = 100;

    private final InetSocketAddress address;
    private final Path folder;
    private final List<byte[]> requests;
    private @Nullable LoadProcess load;

    private RestDoor(InetSocketAddress address, Path folder, List<byte[]> requests) {
        this.address = address;
        this.folder = folder;
        this.requests = requests;
    }

    /// Compares some of the door's answers, and makes ready to ask it.
    ///
    /// @param port where it is on this machine
    /// @param folder for the files of the client's process
    /// @throws IllegalStateException when an answer is not what ONNX Runtime says
    static RestDoor open(int port, BareOnnx bare, BenchVectors vectors, Path folder) {
        List<float[]> rows = vectors.complete(DISTINCT_QUESTIONS);
        List<byte[]> bodies = rows.stream().map(RestDoor::body).toList();
        compare(
                URI.create("http://127.0.0.1:" + port + PATH),
                bodies.subList(0, Math.min(COMPARED, bodies.size())),
                bare.run(BareOnnx.batches(rows, rows.size()).getFirst()));
        return new RestDoor(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                folder,
                bodies.stream()
                        .map(body -> HttpLoad.request(PATH, "application/json", body))
                        .toList());
    }

    private static byte[] body(float[] row) {
        List<String> data = new ArrayList<>(row.length);
        for (float value : row) {
            data.add(Float.toString(value));
        }
        return ("{\"inputs\":[{\"name\":\""
                        + Autoencoder.INPUT
                        + "\",\"shape\":[1,"
                        + row.length
                        + "],\"datatype\":\"FP32\",\"data\":["
                        + String.join(",", data)
                        + "]}]}")
                .getBytes(UTF_8);
    }

    private static void compare(URI uri, List<byte[]> bodies, float[] expected) {
        JsonMapper json = new JsonMapper();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < bodies.size(); i++) {
                HttpRequest request =
                        HttpRequest.newBuilder(uri)
                                .POST(HttpRequest.BodyPublishers.ofByteArray(bodies.get(i)))
                                .build();
                String answer =
                        client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8)).body();
                JsonNode score = json.readTree(answer).at("/outputs/0/data/0");
                if (!BenchVectors.agree(score.asDouble(Double.NaN), expected[i])) {
                    throw new IllegalStateException(
                            "the door answered " + answer + " instead of " + expected[i]);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    @Override
    public String word() {
        return "rest";
    }

    @Override
    public String roles() {
        return "broker, console, HTTP client";
    }

    @Override
    public long ask(int questions) {
        return new HttpLoad(address, CONNECTIONS, 1).send(requests, questions);
    }

    @Override
    public LoadProcess.Sent askAt(double perSecond, Duration time) {
        LoadProcess.Sent sent = load().send(perSecond, time);
        sent.answers().forEach(RestDoor::check);
        return sent;
    }

    /// One process for all rounds, so that it is warm too.
    private LoadProcess load() {
        LoadProcess now = load;
        if (now == null) {
            now =
                    LoadProcess.start(
                            folder.resolve("load"), address, LoadProgram.Protocol.HTTP, requests);
            load = now;
        }
        return now;
    }

    private static void check(OpenLoad.Answered answered) {
        if (answered.status() != 200) {
            throw new IllegalStateException("the door answered " + answered.status());
        }
    }

    @Override
    public void close() {
        if (load != null) {
            load.close();
        }
    }
}
