package leat.launcher.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import javax.net.ssl.SSLException;
import leat.launcher.UserError;
import leat.stream.send.ClientAccess;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The running platform's console API, as a command calls it.
final class ConsoleClient {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final URI console;
    private final ClientAccess access;
    private final HttpClient http;

    ConsoleClient(URI console, ClientAccess access) {
        this.console = console;
        this.access = access;
        this.http = access.client().connectTimeout(CONNECT_TIMEOUT).build();
    }

    /// Posts a text and hands the answer's body on as it arrives; the caller closes it.
    ///
    /// @throws UserError when nothing answers, or with what the console says of the request
    InputStream post(String path, String contentType, String accept, String body) {
        HttpRequest request =
                access.authorize(HttpRequest.newBuilder(console.resolve(path)))
                        .header("Content-Type", contentType)
                        .header("Accept", accept)
                        .POST(BodyPublishers.ofString(body))
                        .build();
        try {
            HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
            if (answer.statusCode() / 100 != 2) {
                throw refusal(answer);
            }
            return answer.body();
        } catch (ConnectException e) {
            throw new UserError(
                    "nothing answers at " + console,
                    "start the platform with leat up, or name its workspace and --port-offset");
        } catch (SSLException e) {
            throw new UserError(
                    "no encrypted connection to " + console + ": " + e.getMessage(),
                    "name the authority that signed its certificate with --ca-file");
        } catch (IOException e) {
            throw new UserError(
                    "the console at " + console + " broke off: " + e.getMessage(),
                    "look at the log of leat up");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted", "try again");
        }
    }

    private static UserError refusal(HttpResponse<InputStream> answer) throws IOException {
        byte[] body = answer.body().readAllBytes();
        try {
            JsonNode error = JSON.readTree(body).path("error");
            return new UserError(
                    withoutFullStop(
                            error.path("message").asString("status " + answer.statusCode())),
                    withoutFullStop(error.path("remedy").asString("correct the request")));
        } catch (JacksonException e) {
            return new UserError(
                    "the console answered " + answer.statusCode(), "look at the log of leat up");
        }
    }

    private static String withoutFullStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
