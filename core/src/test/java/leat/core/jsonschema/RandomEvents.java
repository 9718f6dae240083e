package leat.core.jsonschema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// One random contract and documents for it, half of them with something changed. What the export's
/// documentation says a schema cannot express is not generated.
public final class RandomEvents {

    /// A field as the generator remembers it; `children` of objects, or the item of an array.
    private record Node(
            String name, String type, String options, boolean required, List<Node> children) {}

    private static final List<String> SCALARS =
            List.of(
                    "string",
                    "pattern",
                    "format",
                    "enum",
                    "integer",
                    "number",
                    "decimal",
                    "boolean",
                    "date",
                    "time",
                    "timestamp",
                    "epoch",
                    "local");

    private final Random random;
    private final List<Node> fields;
    private double mistakes;

    public RandomEvents(Random random) {
        this.random = random;
        this.fields = nodes(3 + random.nextInt(7), 0);
    }

    private List<Node> nodes(int count, int depth) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nodes.add(node("f" + i + (random.nextInt(4) == 0 ? "_é" : ""), depth));
        }
        return nodes;
    }

    private Node node(String name, int depth) {
        boolean required = random.nextInt(3) == 0;
        int kind = random.nextInt(depth < 2 ? 8 : 6);
        if (kind == 6) {
            return new Node(name, "object", "", required, nodes(1 + random.nextInt(3), depth + 1));
        }
        if (kind == 7) {
            Node item = node("item", depth + 1);
            boolean comparable =
                    List.of("string", "enum", "integer", "boolean").contains(item.type());
            String unique = comparable && random.nextBoolean() ? ", uniqueItems: true" : "";
            return new Node(
                    name,
                    "array",
                    "{minItems: 1, maxItems: 3" + unique + "}",
                    required,
                    List.of(item));
        }
        String type = SCALARS.get(random.nextInt(SCALARS.size()));
        return new Node(name, type, options(type), required, List.of());
    }

    private String options(String type) {
        return switch (type) {
            case "string" -> random.nextBoolean() ? "{}" : "{minLength: 1, maxLength: 4}";
            case "pattern" ->
                    "{pattern: '"
                            + pick("^[a-z]+\\d?$", "a.c", "^\\s*x", "\\w-\\w", "^(?:ab|cd){2}$")
                            + "'}";
            case "format" ->
                    "{format: " + pick("email", "ipv4", "ipv6", "uuid", "hostname", "uri") + "}";
            case "integer" ->
                    pick(
                            "{}",
                            "{minimum: -5, maximum: 50}",
                            "{exclusiveMinimum: 0}",
                            "{multipleOf: 3}");
            case "number" ->
                    pick("{}", "{minimum: -1.5, exclusiveMaximum: 10}", "{multipleOf: 0.25}");
            case "decimal" -> pick("{}", "{minimum: 0}");
            default -> "{}";
        };
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /// The contract's YAML.
    public String contract() {
        StringBuilder yaml =
                new StringBuilder(
                        """
                        apiVersion: v3.1.0
                        kind: DataContract
                        id: random
                        version: 1.0.0
                        status: active
                        schema:
                          - name: random
                            properties:
                        """);
        for (Node field : fields) {
            yaml.append("      - ").append(flow(field)).append('\n');
        }
        return yaml.append("customProperties:\n  - {property: leat.unknownFields, value: ")
                .append(pick("reject", "keep", "drop"))
                .append("}\n")
                .toString();
    }

    private static String flow(Node node) {
        String head = "{name: " + node.name() + ", required: " + node.required() + ", ";
        return head
                + switch (node.type()) {
                    case "object" ->
                            "logicalType: object, properties: ["
                                    + String.join(
                                            ", ",
                                            node.children().stream()
                                                    .map(RandomEvents::flow)
                                                    .toList())
                                    + "]}";
                    case "array" ->
                            "logicalType: array, logicalTypeOptions: "
                                    + node.options()
                                    + ", items: "
                                    + flow(node.children().getFirst())
                                    + "}";
                    case "pattern", "format", "string" ->
                            "logicalType: string, logicalTypeOptions: " + node.options() + "}";
                    case "enum" ->
                            "logicalType: string, customProperties:"
                                    + " [{property: leat.enum, value: [on, off, 'é']}]}";
                    case "decimal" ->
                            "logicalType: number, physicalType: 'decimal(5,2)',"
                                    + " logicalTypeOptions: "
                                    + node.options()
                                    + "}";
                    case "epoch" ->
                            "logicalType: timestamp, logicalTypeOptions:"
                                    + " {format: epoch-seconds}}";
                    case "local" ->
                            "logicalType: timestamp, logicalTypeOptions:"
                                    + " {defaultTimezone: Europe/Berlin}}";
                    default ->
                            "logicalType: "
                                    + node.type()
                                    + ", logicalTypeOptions: "
                                    + node.options()
                                    + "}";
                };
    }

    /// A document that may keep the contract or not.
    public String document() {
        mistakes = random.nextBoolean() ? 0 : 0.15;
        return object(fields);
    }

    private boolean mistake() {
        return random.nextDouble() < mistakes;
    }

    private String object(List<Node> nodes) {
        List<String> members = new ArrayList<>();
        for (Node node : nodes) {
            boolean there = node.required() ? !mistake() : random.nextInt(4) > 0;
            if (there) {
                boolean isNull = node.required() ? mistake() : random.nextInt(10) == 0;
                members.add("\"" + node.name() + "\": " + (isNull ? "null" : value(node)));
            }
        }
        if (mistake()) {
            members.add("\"unknown\": " + anything());
        }
        java.util.Collections.shuffle(members, random);
        return "{" + String.join(", ", members) + "}";
    }

    private String anything() {
        return pick(
                "1",
                "-7",
                "1.5",
                "2.0",
                "\"x\"",
                "\"\"",
                "true",
                "null",
                "[]",
                "{}",
                "[1]",
                "9223372036854775808",
                "1e3",
                "\"2024-01-01\"",
                "{\"a\": 1}");
    }

    private String value(Node node) {
        if (mistake()) {
            return anything();
        }
        return switch (node.type()) {
            case "object" -> object(node.children());
            case "array" -> {
                List<String> items = new ArrayList<>();
                int count = mistake() ? random.nextInt(6) : 1 + random.nextInt(3);
                for (int i = 0; i < count; i++) {
                    items.add(mistake() ? "null" : value(node.children().getFirst()));
                }
                yield "[" + String.join(", ", items) + "]";
            }
            case "string" -> pick("\"a\"", "\"añ😀\"", "\"abcd\"", "\"abcde\"", "\"\"", "\"\\n\"");
            case "pattern" ->
                    pick(
                            "\"abc\"",
                            "\"abc1\"",
                            "\"a\\nc\"",
                            "\"a\\rc\"",
                            "\"x\"",
                            "\"\\u00a0x\"",
                            "\" x\"",
                            "\"a-b\"",
                            "\"é-b\"",
                            "\"abcd\"",
                            "\"abc\\n\"",
                            "\"abcdab\"",
                            "\"ab٣\"",
                            "\"a\\u2028c\"",
                            "\"a😀c\"",
                            "\"\\u000bx\"");
            case "format" ->
                    pick(
                            "\"a.b@example.org\"",
                            "\"a..b@x\"",
                            "\"1.2.3.4\"",
                            "\"256.1.1.1\"",
                            "\"::\"",
                            "\"1::8\"",
                            "\"1:2:3:4:5:6:7:8\"",
                            "\"1:2:3:4:5:6:1.2.3.4\"",
                            "\"1:2:3:4:5:6:7::\"",
                            "\"1:2:3:4:5:6:7:8:9\"",
                            "\"::1.2.3.4\"",
                            "\"123e4567-e89b-12d3-a456-426614174000\"",
                            "\"example.org\"",
                            "\"-x.org\"",
                            "\"http://x/%20?q#f\"",
                            "\"urn:a:b\"",
                            "\"no uri\"");
            case "enum" -> pick("\"on\"", "\"off\"", "\"é\"", "\"On\"");
            case "integer" -> integer();
            case "number" ->
                    pick("0", "-1.5", "9.99", "10", "0.25", "0.3", "1e1", "-0.0", "3.125", "1E-2");
            case "decimal" ->
                    pick("0", "1.25", "999.99", "1000", "-999.99", "1.250", "0.001", "1e2", "-1");
            case "boolean" -> pick("true", "false");
            case "date" ->
                    pick(
                            "\"2024-02-29\"",
                            "\"2023-02-29\"",
                            "\"1900-02-29\"",
                            "\"2000-02-29\"",
                            "\"2024-13-01\"",
                            "\"2024-04-31\"",
                            "\"0000-02-29\"",
                            "\"2024-1-1\"");
            case "time" ->
                    pick(
                            "\"00:00:00\"",
                            "\"23:59:59.999999999\"",
                            "\"24:00:00\"",
                            "\"10:10\"",
                            "\"10:10:60\"",
                            "\"10:10:10.\"",
                            "\"10:10:10.1234567890\"");
            case "timestamp", "local" ->
                    pick(
                            "\"2024-02-29T10:11:12Z\"",
                            "\"2024-02-30T10:11:12Z\"",
                            "\"2024-01-01T10:11:12.123456789+23:59\"",
                            "\"2024-01-01T10:11:12\"",
                            "\"2024-01-01T10:11:12+24:00\"",
                            "\"2024-01-01 10:11:12Z\"",
                            "\"2024-01-01T24:00:00Z\"",
                            "\"2024-01-01T10:11:12.Z\"",
                            "\"2024-01-01T10:11:12z\"",
                            "\"2024-01-01T10:11Z\"");
            case "epoch" ->
                    pick(
                            "0",
                            "1567606196",
                            "1567606196.25",
                            "-62167219200",
                            "-62167219201",
                            "253402300799.999999",
                            "253402300800",
                            "1e9",
                            "-0.0000001");
            default -> throw new IllegalStateException(node.type());
        };
    }

    private String integer() {
        return switch (random.nextInt(4)) {
            case 0 -> Integer.toString(random.nextInt(80) - 20);
            case 1 -> pick("0", "-5", "50", "51", "3", "1.0", "3e0", "1e3", "-0", "0.30e1");
            case 2 -> pick("9223372036854775807", "-9223372036854775808", "1.5", "6.000");
            default -> new BigDecimal(random.nextInt(30)).setScale(2).toString();
        };
    }
}
