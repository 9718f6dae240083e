package leat.console;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import leat.core.validate.ParserMessage;
import leat.core.yaml.NearestName;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.featurestore.online.FeatureQueries.Question;
import leat.ml.featurestore.online.FeatureQueries.SetQuestion;
import leat.ml.featurestore.online.FeaturesRefused;
import leat.ml.featurestore.online.OnlineUnavailable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `/api/v1/features` and `/api/v1/feature-sets`: the newest features of one entity or of many, of
/// a view or of a set.
record FeaturesApi(FeatureQueries queries) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String ENTITIES = "entities";
    private static final String FEATURES = "features";
    private static final Set<String> MEMBERS = Set.of(ENTITIES, FEATURES);
    private static final String FORM =
            "send {\"entities\": [\"…\"]}, and \"features\": [\"…\"] beside it where not all are"
                    + " needed";

    void addTo(HttpRouting.Builder routes) {
        // An entity may have slashes in it.
        routes.get("/api/v1/features/{of}/{+entity}", (q, a) -> one(q, a, this::ofView))
                .post("/api/v1/features/{of}", (q, a) -> many(q, a, this::ofView))
                .get("/api/v1/feature-sets/{of}/{+entity}", (q, a) -> one(q, a, this::ofSet))
                .post("/api/v1/feature-sets/{of}", (q, a) -> many(q, a, this::ofSet));
    }

    /// What is asked of a view or set.
    ///
    /// @param of its name
    private record Asked(String of, List<String> entities, List<String> features) {}

    private byte[] ofView(Asked asked) {
        return queries.answer(
                new Question(asked.of(), asked.entities(), asked.features(), RequestCaller.name()));
    }

    private byte[] ofSet(Asked asked) {
        return queries.answer(
                new SetQuestion(
                        asked.of(), asked.entities(), asked.features(), RequestCaller.name()));
    }

    private static void one(
            ServerRequest request, ServerResponse response, Function<Asked, byte[]> queries) {
        List<String> features =
                request.query().all(FEATURES, List::of).stream()
                        .flatMap(names -> List.of(names.split(",")).stream())
                        .toList();
        String entity = request.path().pathParameters().get("entity");
        answer(new Asked(of(request), List.of(entity), features), response, queries);
    }

    private static void many(
            ServerRequest request, ServerResponse response, Function<Asked, byte[]> queries) {
        byte[] body = RequestBody.read(request, Console.MAX_BODY_BYTES);
        Asked asked;
        try {
            asked = read(of(request), body);
        } catch (Malformed e) {
            Responses.send(response, e.error);
            return;
        }
        answer(asked, response, queries);
    }

    private static String of(ServerRequest request) {
        return request.path().pathParameters().get("of");
    }

    private static void answer(
            Asked asked, ServerResponse response, Function<Asked, byte[]> queries) {
        byte[] answer;
        try {
            answer = queries.apply(asked);
        } catch (FeaturesRefused e) {
            Responses.send(response, error(e));
            return;
        } catch (OnlineUnavailable e) {
            response.header("retry-after", "1");
            Responses.send(
                    response,
                    new ApiError(503, "not-ready", String.valueOf(e.getMessage()), e.remedy()));
            return;
        }
        Responses.send(response, 200, "application/json", answer);
    }

    private static ApiError error(FeaturesRefused refused) {
        int status =
                switch (refused.kind()) {
                    case UNKNOWN_VIEW, UNKNOWN_SET -> 404;
                    case UNKNOWN_FEATURE -> 400;
                    case TOO_MANY -> 413;
                    case TOO_LARGE -> 422;
                };
        return new ApiError(
                status,
                refused.kind().word(),
                String.valueOf(refused.getMessage()),
                refused.remedy());
    }

    private static final class Malformed extends RuntimeException {
        private final transient ApiError error;

        Malformed(String message, String remedy) {
            super(message);
            this.error = new ApiError(400, "bad-request", message, remedy);
        }
    }

    private static Asked read(String of, byte[] body) {
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (JacksonException e) {
            throw new Malformed("the body is not JSON: " + ParserMessage.of(e), FORM);
        }
        if (!json.isObject()) {
            throw new Malformed("the body is not an object", FORM);
        }
        for (String member : json.propertyNames()) {
            if (!MEMBERS.contains(member)) {
                throw new Malformed(
                        "the body has a member '" + member + "', which is not known",
                        NearestName.remedy(member, MEMBERS));
            }
        }
        List<String> entities = texts(json, ENTITIES);
        if (entities.isEmpty()) {
            throw new Malformed("the body names no entity under 'entities'", FORM);
        }
        return new Asked(of, entities, texts(json, FEATURES));
    }

    /// The texts of a list; integers are taken as they are written, since keys may be such.
    private static List<String> texts(JsonNode json, String member) {
        JsonNode list = json.path(member);
        if (list.isMissingNode()) {
            return List.of();
        }
        if (!list.isArray()) {
            throw new Malformed("'" + member + "' is not a list", FORM);
        }
        List<String> texts = new ArrayList<>(list.size());
        for (JsonNode item : list) {
            if (!item.isString() && !item.isIntegralNumber()) {
                throw new Malformed(
                        "'" + member + "[" + texts.size() + "]' is neither a text nor an integer",
                        FORM);
            }
            texts.add(item.asString());
        }
        return texts;
    }
}
