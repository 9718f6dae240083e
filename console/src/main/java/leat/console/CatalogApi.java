package leat.console;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import leat.core.catalog.Catalog;
import leat.core.catalog.CatalogAnswer;
import leat.core.catalog.CatalogEntry;
import leat.core.catalog.CatalogQuery;
import leat.core.catalog.Knowledge;
import leat.core.catalog.KnownModel;
import leat.core.config.DurationText;
import leat.core.feature.CompiledView;
import leat.core.tracking.TrackingRefused;
import leat.core.yaml.NearestName;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.fold.RecordUnreadable;
import leat.ml.registry.Registry;
import leat.stream.log.LogUnavailable;
import leat.stream.log.OncePerMinute;
import leat.stream.sql.SqlRefused;
import leat.stream.sql.ViewProfile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// `/api/v1/catalog`: what the workspace defines and what comes from what; how the values of
/// features are distributed.
///
/// @param registry the models that are registered
/// @param features knows who asks for them
record CatalogApi(
        Catalog catalog,
        Registry registry,
        FeatureQueries features,
        RecentTrainingSets trainingSets,
        SqlApi sql,
        InstantSource clock) {

    private static final Logger LOG = LoggerFactory.getLogger(CatalogApi.class);
    private static final OncePerMinute UNREGISTERED_TOLD = new OncePerMinute();

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_ANSWER_BYTES = 8 << 20;
    private static final String TEXT = "q";
    private static final String KIND = "kind";
    private static final Set<String> OF_SEARCH = Set.of(TEXT, "tag", "owner", "entity", KIND);
    private static final String LAST = "last";
    private static final Duration USUAL = Duration.ofDays(1);
    private static final Duration LONGEST = Duration.ofDays(366);

    void addTo(HttpRouting.Builder routes) {
        routes.error(BadQuery.class, (_, response, bad) -> Responses.send(response, bad.error));
        routes.get("/api/v1/catalog", this::search)
                .get("/api/v1/catalog/views/{view}/profile", this::profile);
    }

    /// A question that makes no sense.
    private static final class BadQuery extends RuntimeException {
        private final transient ApiError error;

        BadQuery(String message, String remedy) {
            super(message);
            this.error = new ApiError(400, "bad-request", message, remedy);
        }
    }

    private void search(ServerRequest request, ServerResponse response) {
        CatalogQuery query = query(request);
        Knowledge knowledge =
                new Knowledge(models(), trainingSets.find(), Optional.of(features.readers()));
        List<CatalogEntry> found = catalog.with(knowledge).search(query);
        byte[] answer = JSON.writeValueAsBytes(CatalogAnswer.of(knowledge, found));
        if (answer.length > MAX_ANSWER_BYTES) {
            Responses.send(
                    response,
                    new ApiError(
                            422,
                            "too-large",
                            "the answer is larger than " + MAX_ANSWER_BYTES + " bytes",
                            "look for less, with q, tag, owner, entity or kind"));
            return;
        }
        Responses.send(response, 200, "application/json", answer);
    }

    /// What the registry knows; empty where there is none, or it does not answer.
    private Optional<List<KnownModel>> models() {
        try {
            return Optional.of(registry.read(KnownModel::all));
        } catch (TrackingRefused | LogUnavailable | RecordUnreadable e) {
            if (UNREGISTERED_TOLD.isDue()) {
                LOG.atWarn()
                        .addKeyValue("cause", e.getMessage())
                        .log("The catalogue answers without registered models");
            }
            return Optional.empty();
        }
    }

    private static CatalogQuery query(ServerRequest request) {
        allow(request, OF_SEARCH);
        Optional<String> kind = parameter(request, KIND);
        kind.filter(word -> !CatalogEntry.KINDS.contains(word))
                .ifPresent(word -> {
                    throw new BadQuery(
                            "there is no kind '" + word + "'",
                            NearestName.remedy(word, CatalogEntry.KINDS));
                });
        return new CatalogQuery(
                parameter(request, TEXT).orElse(""),
                parameter(request, "tag"),
                parameter(request, "owner"),
                parameter(request, "entity"),
                kind);
    }

    private void profile(ServerRequest request, ServerResponse response) {
        String name = request.path().pathParameters().get("view");
        Optional<CompiledView> view = catalog.views().find(name);
        if (view.isEmpty()) {
            Responses.send(
                    response,
                    new ApiError(
                            404,
                            "unknown-view",
                            "there is no feature view '" + name + "'",
                            catalog.views().remedy(name)));
            return;
        }
        allow(request, Set.of(LAST));
        Instant since = clock.instant().minus(last(request)).truncatedTo(ChronoUnit.SECONDS);
        try {
            ViewProfile profile =
                    sql.ask(engine -> ViewProfile.of(engine, view.get().contract(), since));
            Responses.send(response, 200, profile);
        } catch (SqlRefused e) {
            Responses.send(response, error(e));
        } catch (RejectedExecutionException _) {
            Responses.send(response, SqlApi.BUSY);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static ApiError error(SqlRefused refused) {
        ApiError error = SqlApi.error(refused);
        return refused.code() == SqlRefused.Code.TIME_LIMIT
                ? new ApiError(
                        error.status(),
                        error.code(),
                        error.message(),
                        "ask for less time, e.g. last=1h, or raise sql.time-limit")
                : error;
    }

    private static Duration last(ServerRequest request) {
        Optional<String> text = parameter(request, LAST);
        if (text.isEmpty()) {
            return USUAL;
        }
        try {
            Duration last = DurationText.parse(text.get());
            if (!last.isZero() && last.compareTo(LONGEST) <= 0) {
                return last;
            }
        } catch (IllegalArgumentException _) {
            // the refusal below says it
        }
        throw new BadQuery(
                "'" + text.get() + "' is no duration of up to 366d",
                "write e.g. last=1h or last=7d");
    }

    private static void allow(ServerRequest request, Set<String> known) {
        for (String name : request.query().names()) {
            if (!known.contains(name)) {
                throw new BadQuery(
                        "there is no parameter '" + name + "'",
                        NearestName.remedy(name, known.stream().sorted().toList()));
            }
        }
    }

    private static Optional<String> parameter(ServerRequest request, String name) {
        List<String> values = request.query().all(name, List::of);
        if (values.size() > 1) {
            throw new BadQuery("'" + name + "' stands twice", "give it once");
        }
        return values.stream().findFirst().filter(value -> !value.isBlank());
    }
}
