package leat.console;

import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import leat.core.registry.ContractRegistry;
import leat.core.registry.RegisteredSchema;
import leat.core.registry.SchemaText.SchemaType;
import leat.core.validate.ParserMessage;
import leat.stream.log.LogUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The registered schemas in the protocol of Confluent's Schema Registry, so that Kafka clients can
/// fetch them. It is read-only: contracts are registered by the process that applies a workspace.
final class SchemaRegistryApi implements HttpService {

    /// What clients are given as their base address, after the console's.
    static final String BASE = "/schema-registry";

    private static final Logger LOG = LoggerFactory.getLogger(SchemaRegistryApi.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final String LEVEL = "BACKWARD";

    private final Supplier<ContractRegistry> registry;

    /// @param registry as it is now, asked at each request
    SchemaRegistryApi(Supplier<ContractRegistry> registry) {
        this.registry = registry;
    }

    /// What is refused, in the protocol's own numbers.
    private static final class Refusal extends RuntimeException {
        private final int code;

        Refusal(int code, String message) {
            super(message, null, false, false);
            this.code = code;
        }

        int status() {
            return code / 100;
        }

        static Refusal readOnly(String what) {
            return new Refusal(
                    42205,
                    what
                            + " is read-only here: schemas come from contracts, which leat up"
                            + " registers. Change the contract and start it again.");
        }
    }

    private record Wanted(SchemaType type, String text) {}

    /// What a request is answered with; a text is JSON already.
    @FunctionalInterface
    private interface Answer {
        Object to(ServerRequest request);
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", answer(_ -> Map.of()))
                .get("/subjects", answer(this::subjects))
                .get("/subjects/{subject}/versions", answer(r -> subject(r).keySet()))
                .get("/subjects/{subject}/versions/{version}", answer(r -> shown(version(r))))
                .get(
                        "/subjects/{subject}/versions/{version}/schema",
                        answer(r -> version(r).schema().text()))
                .get(
                        "/subjects/{subject}/versions/{version}/referencedby",
                        answer(this::referencedBy))
                .post("/subjects/{subject}", answer(r -> shown(lookUp(r))))
                .post("/subjects/{subject}/versions", answer(this::register))
                .get("/schemas/types", answer(_ -> List.of("JSON", "AVRO", "PROTOBUF")))
                .get("/schemas/ids/{id}", answer(r -> text(ofId(r).getFirst())))
                .get("/schemas/ids/{id}/schema", answer(r -> ofId(r).getFirst().schema().text()))
                .get(
                        "/schemas/ids/{id}/subjects",
                        answer(r ->
                                ofId(r).stream()
                                        .map(RegisteredSchema::subject)
                                        .distinct()
                                        .toList()))
                .get(
                        "/schemas/ids/{id}/versions",
                        answer(r ->
                                ofId(r).stream().distinct().map(SchemaRegistryApi::place).toList()))
                .get("/config", answer(_ -> Map.of("compatibilityLevel", LEVEL)))
                .get("/config/{subject}", answer(_ -> Map.of("compatibilityLevel", LEVEL)))
                .get("/mode", answer(_ -> Map.of("mode", "READONLY")))
                .get("/mode/{subject}", answer(_ -> Map.of("mode", "READONLY")))
                .post(
                        "/compatibility/subjects/{subject}/versions/{version}",
                        answer(this::compatibility))
                .put("/*", answer(SchemaRegistryApi::refuse))
                .delete("/*", answer(SchemaRegistryApi::refuse))
                .any(answer(SchemaRegistryApi::nothing));
    }

    private static Object refuse(ServerRequest request) {
        throw Refusal.readOnly(request.path().path());
    }

    private static Object nothing(ServerRequest request) {
        throw new Refusal(40400, "There is nothing at " + request.path().path() + ".");
    }

    private Handler answer(Answer answer) {
        return (request, response) -> {
            try {
                Object body = answer.to(request);
                send(
                        response,
                        200,
                        body instanceof String text
                                ? text.getBytes(StandardCharsets.UTF_8)
                                : JSON.writeValueAsBytes(body));
            } catch (Refusal e) {
                error(response, e.status(), e.code, String.valueOf(e.getMessage()));
            } catch (RequestBody.TooLarge _) {
                error(response, 413, 41300, "The body has more than 1 MiB.");
            } catch (LogUnavailable e) {
                LOG.atWarn().setCause(e).log("The registry cannot be read");
                error(response, 500, 50001, "Kafka does not answer: " + e.getMessage());
            }
        };
    }

    private static void error(ServerResponse response, int status, int code, String message) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error_code", code);
        body.put("message", message);
        send(response, status, JSON.writeValueAsBytes(body));
    }

    private static void send(ServerResponse response, int status, byte[] body) {
        Responses.send(response, status, MEDIA_TYPE, body);
    }

    private Object subjects(ServerRequest request) {
        String prefix = request.query().first("subjectPrefix").orElse("");
        return registry.get().subjects().keySet().stream()
                .filter(subject -> subject.startsWith(prefix))
                .toList();
    }

    private SortedMap<Integer, RegisteredSchema> subject(ServerRequest request) {
        String name = request.path().pathParameters().get("subject");
        SortedMap<Integer, RegisteredSchema> subject = registry.get().subjects().get(name);
        if (subject == null) {
            throw new Refusal(40401, "Subject '" + name + "' not found.");
        }
        return subject;
    }

    private RegisteredSchema version(ServerRequest request) {
        SortedMap<Integer, RegisteredSchema> subject = subject(request);
        String version = request.path().pathParameters().get("version");
        int number =
                version.equals("latest") || version.equals("-1")
                        ? subject.lastKey()
                        : positive(version, 42202, "version");
        RegisteredSchema schema = subject.get(number);
        if (schema == null) {
            throw new Refusal(40402, "Version " + number + " not found.");
        }
        return schema;
    }

    /// A contract's schema stands alone: nothing refers to it.
    private Object referencedBy(ServerRequest request) {
        version(request);
        return List.of();
    }

    private List<RegisteredSchema> ofId(ServerRequest request) {
        int id = positive(request.path().pathParameters().get("id"), 40403, "schema id");
        List<RegisteredSchema> found = registry.get().schemas(id);
        if (found.isEmpty()) {
            throw new Refusal(40403, "Schema " + id + " not found.");
        }
        return found;
    }

    private static int positive(String text, int code, String what) {
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new Refusal(
                code, "The " + what + " '" + text + "' is not a number from 1, nor 'latest'.");
    }

    private RegisteredSchema lookUp(ServerRequest request) {
        SortedMap<Integer, RegisteredSchema> subject = subject(request);
        return find(subject, wanted(request))
                .orElseThrow(() -> new Refusal(40403, "Schema not found."));
    }

    /// Clients register what they are about to use; what is there already is theirs to use.
    private Object register(ServerRequest request) {
        String name = request.path().pathParameters().get("subject");
        return Optional.ofNullable(registry.get().subjects().get(name))
                .flatMap(subject -> find(subject, wanted(request)))
                .map(schema -> Map.of("id", schema.id()))
                .orElseThrow(() -> Refusal.readOnly("Subject '" + name + "'"));
    }

    /// Within a subject each version reads what was written under those before it: it would not
    /// have been registered otherwise. Other schemas can never follow.
    private Object compatibility(ServerRequest request) {
        RegisteredSchema against = version(request);
        Optional<RegisteredSchema> schema = find(subject(request), wanted(request));
        boolean compatible = schema.filter(s -> s.number() >= against.number()).isPresent();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("is_compatible", compatible);
        if (!compatible && request.query().first("verbose").isPresent()) {
            answer.put(
                    "messages",
                    List.of(
                            schema.isPresent()
                                    ? "it is version "
                                            + schema.get().number()
                                            + ", from before "
                                            + against.number()
                                    : "no contract yields this schema; leat validate --against log"
                                            + " compares contracts"));
        }
        return answer;
    }

    private static Wanted wanted(ServerRequest request) {
        try {
            JsonNode body = JSON.readTree(RequestBody.read(request, Console.MAX_BODY_BYTES));
            String type = body.path("schemaType").asString("AVRO");
            JsonNode schema = body.path("schema");
            if (!schema.isString()) {
                throw new Refusal(42201, "The body has no text 'schema'.");
            }
            return new Wanted(SchemaType.valueOf(type), schema.asString());
        } catch (JacksonException e) {
            throw new Refusal(42201, "The body is not JSON: " + ParserMessage.of(e));
        } catch (IllegalArgumentException _) {
            throw new Refusal(42201, "The schemaType is none of JSON, AVRO and PROTOBUF.");
        }
    }

    /// The newest schema of a subject with that text; JSON and Avro may be formatted otherwise.
    private static Optional<RegisteredSchema> find(
            SortedMap<Integer, RegisteredSchema> subject, Wanted wanted) {
        return subject.values().stream()
                .filter(schema -> schema.schema().type() == wanted.type())
                .filter(schema -> same(wanted, schema.schema().text()))
                .reduce((_, newer) -> newer);
    }

    private static boolean same(Wanted wanted, String text) {
        if (wanted.text().equals(text) || wanted.type() == SchemaType.PROTOBUF) {
            return wanted.text().strip().equals(text.strip());
        }
        try {
            return JSON.readTree(wanted.text()).equals(JSON.readTree(text));
        } catch (JacksonException _) {
            return false;
        }
    }

    private static Map<String, Object> shown(RegisteredSchema schema) {
        Map<String, Object> shown = new LinkedHashMap<>(place(schema));
        shown.put("id", schema.id());
        shown.putAll(text(schema));
        return shown;
    }

    private static Map<String, Object> place(RegisteredSchema schema) {
        Map<String, Object> place = new LinkedHashMap<>();
        place.put("subject", schema.subject());
        place.put("version", schema.number());
        return place;
    }

    /// Clients take a schema without a type for Avro.
    private static Map<String, Object> text(RegisteredSchema schema) {
        Map<String, Object> text = new LinkedHashMap<>();
        if (schema.schema().type() != SchemaType.AVRO) {
            text.put("schemaType", schema.schema().type().name());
        }
        text.put("schema", schema.schema().text());
        return text;
    }
}
