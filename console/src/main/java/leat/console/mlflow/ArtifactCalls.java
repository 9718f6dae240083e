package leat.console.mlflow;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import leat.console.Responses;
import leat.core.artifact.Artifact;
import leat.core.artifact.ArtifactPath;
import leat.core.tracking.TrackingRefused;
import leat.ml.registry.ArtifactDamaged;
import leat.ml.registry.Artifacts;
import leat.ml.registry.Sources;
import leat.ml.tracking.Tracking;
import leat.stream.log.LogUnavailable;
import tools.jackson.databind.node.ObjectNode;

/// The calls about artifacts: files up and down as streams of bytes, and lists of them.
record ArtifactCalls(Artifacts artifacts, Tracking tracking) {

    private static final int PART_BYTES = 64 << 10;

    void addTo(Calls calls) {
        calls.get("/artifacts/list", this::listOfRun);
    }

    private static ArtifactPath path(ServerRequest request) {
        return ArtifactPath.of(request.path().pathParameters().get("path"));
    }

    ObjectNode upload(ServerRequest request) {
        try (InputStream content =
                request.content().hasEntity()
                        ? request.content().inputStream()
                        : InputStream.nullInputStream()) {
            artifacts.put(path(request), content);
            return Answers.nothing();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ObjectNode delete(ServerRequest request) {
        artifacts.delete(path(request));
        return Answers.nothing();
    }

    /// The names of what is in a folder.
    ObjectNode list(ServerRequest request) {
        String folder = Fields.ofQuery(request).required("path");
        return RegistryAnswers.files(artifacts.list(ArtifactPath.of(folder)), "");
    }

    /// What is in a folder of a run's artifacts, by paths from their root on.
    private ObjectNode listOfRun(Fields request) {
        String id = RunCalls.runId(request);
        String root =
                tracking.read(state -> state.run(id))
                        .orElseThrow(
                                () -> TrackingRefused.absent("Run with id=" + id + " not found"))
                        .info()
                        .artifactUri();
        String path = request.text("path");
        ObjectNode answer = Answers.nothing().put("root_uri", root);
        answer.setAll(
                RegistryAnswers.files(
                        artifacts.list(Sources.artifactPath(root).resolve(path)), path));
        return answer;
    }

    /// Answers with a file. What turns out to be damaged, or is not read from Kafka to its end, is
    /// answered with an error where nothing was sent before, and else by an end before the length
    /// that was said.
    void download(ServerRequest request, ServerResponse response) {
        ArtifactPath path = path(request);
        Artifact file =
                artifacts
                        .file(path)
                        .orElseThrow(
                                () -> TrackingRefused.absent("No such artifact: '" + path + "'"));
        try (InputStream content = artifacts.open(file)) {
            byte[] first = content.readNBytes(PART_BYTES);
            response.header(HeaderNames.CONTENT_DISPOSITION, "attachment");
            if (first.length == file.sizeBytes()) {
                Responses.send(response, 200, "application/octet-stream", first);
                return;
            }
            response.header(HeaderNames.CONTENT_TYPE, "application/octet-stream");
            response.header(HeaderNames.CONTENT_LENGTH, Long.toString(file.sizeBytes()));
            response.header("x-content-type-options", "nosniff");
            send(response, first, content);
        } catch (IOException e) {
            throw new CloseConnectionException("the client has gone", e);
        }
    }

    private static void send(ServerResponse response, byte[] first, InputStream rest)
            throws IOException {
        OutputStream out = response.outputStream();
        out.write(first);
        try {
            rest.transferTo(out);
        } catch (ArtifactDamaged | LogUnavailable e) {
            throw new CloseConnectionException("an artifact cannot be read to its end", e);
        }
        out.close();
    }
}
