package leat.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import leat.core.validate.ParserMessage;
import leat.stream.sql.Answer;
import leat.stream.sql.QueryResult;
import leat.stream.sql.SqlEngine;
import leat.stream.sql.SqlRefused;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `POST /api/v1/sql`: a query as JSON or text, its answer as JSON, CSV or an Arrow stream.
///
/// Queries run on platform threads of their own: DuckDB works in native code, which would hold the
/// few threads that carry all virtual ones.
final class SqlApi implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    /// The refusal where too many queries wait.
    static final ApiError BUSY = new ApiError(429, "busy", "too many queries wait", "try again");

    private static final int MAX_THREADS = 64;

    private final SqlEngine engine;
    private final ExecutorService threads =
            new ThreadPoolExecutor(
                    0,
                    MAX_THREADS,
                    30,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    Thread.ofPlatform().daemon().name("sql-query-", 0).factory());

    SqlApi(SqlEngine engine) {
        this.engine = engine;
    }

    /// A request that can be run.
    private record Query(String sql, AnswerFormat format) {}

    void handle(ServerRequest request, ServerResponse response) {
        String type = Responses.header(request, "content-type").orElse("application/json");
        String body = new String(RequestBody.read(request, Console.MAX_BODY_BYTES), UTF_8);
        Optional<AnswerFormat> accepted =
                AnswerFormat.accepted(Responses.header(request, "accept").orElse(""));
        if (accepted.isEmpty()) {
            Responses.send(
                    response,
                    new ApiError(
                            406,
                            "not-acceptable",
                            "the answer cannot be given as the Accept header asks",
                            "accept application/json, text/csv or"
                                    + " application/vnd.apache.arrow.stream"));
            return;
        }
        Query query;
        try {
            query = read(type, body, accepted.get());
        } catch (BadRequest e) {
            Responses.send(response, e.error);
            return;
        }
        try {
            threads.submit(() -> answer(query, response)).get();
        } catch (RejectedExecutionException _) {
            Responses.send(response, BUSY);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a query failed", e.getCause());
        }
    }

    /// Does what asks the engine, where it may.
    ///
    /// @throws SqlRefused what the work threw
    /// @throws RejectedExecutionException when too many queries wait
    <T> T ask(Function<SqlEngine, T> work) throws InterruptedException {
        try {
            return threads.submit(() -> work.apply(engine)).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SqlRefused refused) {
                throw refused;
            }
            throw new IllegalStateException("a query failed", e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private @Nullable Void answer(Query query, ServerResponse response) throws IOException {
        DeferredOutput out =
                new DeferredOutput(() -> {
                    response.header("content-type", query.format().mediaType());
                    return response.outputStream();
                });
        try (QueryResult result = engine.query(query.sql())) {
            switch (query.format()) {
                case JSON -> Answer.writeJson(result, engine.settings().maxRows(), out);
                case CSV -> Answer.writeCsv(result, out);
                case ARROW -> Answer.writeArrow(result, out);
            }
            out.finish();
        } catch (SqlRefused e) {
            if (out.started()) {
                // The client has a part already: breaking the connection off is the only way to
                // say that the rest is missing.
                throw new UncheckedIOException(new IOException("the query broke off", e));
            }
            Responses.send(response, error(e));
        }
        return null;
    }

    static ApiError error(SqlRefused refused) {
        int status =
                switch (refused.code()) {
                    case INVALID -> 400;
                    case NOT_ALLOWED -> 403;
                    case UNKNOWN_TABLE -> 404;
                    case UNREADABLE -> 409;
                    case TIME_LIMIT, MEMORY_LIMIT -> 422;
                    case BUSY -> 429;
                };
        return new ApiError(
                status,
                refused.code().word(),
                String.valueOf(refused.getMessage()),
                refused.remedy());
    }

    private static Query read(String type, String body, AnswerFormat accepted) {
        if (!type.startsWith("application/json")) {
            return new Query(body, accepted);
        }
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (JacksonException e) {
            throw new BadRequest("the body is not JSON: " + ParserMessage.of(e));
        }
        JsonNode sql = json.path("sql");
        if (!sql.isString()) {
            throw new BadRequest("the body has no text under 'sql'");
        }
        JsonNode format = json.path("format");
        if (format.isMissingNode()) {
            return new Query(sql.stringValue(), accepted);
        }
        AnswerFormat named =
                AnswerFormat.ofWord(format.asString(""))
                        .orElseThrow(() -> new BadRequest("'format' must be json, csv or arrow"));
        return new Query(sql.stringValue(), named);
    }

    private static final class BadRequest extends RuntimeException {
        private final transient ApiError error;

        BadRequest(String message) {
            super(message);
            this.error =
                    new ApiError(
                            400,
                            "bad-request",
                            message,
                            "send {\"sql\": \"SELECT …\"}, or the query itself as text/plain");
        }
    }
}
