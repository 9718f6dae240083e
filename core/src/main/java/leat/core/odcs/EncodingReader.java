package leat.core.odcs;

import com.google.protobuf.Descriptors.Descriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.PayloadEncoding;
import leat.core.contract.UnknownFields;
import leat.core.encoding.PayloadSchemas;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlNode.Scalar;
import org.apache.avro.Schema;

/// Reads `leat.encoding`, with the schema files that it names.
final class EncodingReader {

    private static final String PROPERTY = "leat.encoding";
    private static final Pattern ID = Pattern.compile("[0-9]{1,9}");
    private static final Pattern HEADER = Pattern.compile("ce_[a-z0-9]{1,40}");

    /// What the collector makes when the client gives none, too late for the payload.
    private static final Set<String> IDENTITY =
            Set.of("ce_id", "ce_source", "ce_type", "ce_specversion", "ce_datacontenttype");

    private final Path file;
    private final Keys keys;
    private final List<Field> fields;

    private EncodingReader(Path file, Keys keys, List<Field> fields) {
        this.file = file;
        this.keys = keys;
        this.fields = fields;
    }

    /// @param file the contract's; schemas stand relative to it
    static Optional<PayloadEncoding> read(
            Path file, LeatProperties ours, List<Field> fields, UnknownFields unknown) {
        Optional<Keys> keys = ours.values().keys(PROPERTY);
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        int before = keys.get().problems().count();
        Optional<PayloadEncoding> encoding =
                new EncodingReader(file, keys.get(), fields).encoding();
        if (encoding.isPresent() && keys.get().problems().count() == before) {
            for (String fault : PayloadSchemas.faults(encoding.get(), fields, unknown)) {
                keys.get().complain("schema", fault, "");
            }
        }
        return encoding;
    }

    private Optional<PayloadEncoding> encoding() {
        keys.allow(Set.of("format", "schema", "message", "schemaIds", "headers"));
        Optional<String> format = keys.requiredText("format", "write json, avro or protobuf");
        if (format.isEmpty()) {
            return Optional.empty();
        }
        return switch (format.get()) {
            case "json" -> {
                keys.mapping().entries().stream()
                        .map(entry -> entry.key().text())
                        .filter(key -> !key.equals("format"))
                        .forEach(key -> keys.complain(key, "json needs no '" + key + "'", ""));
                yield Optional.empty();
            }
            case "avro" -> avro();
            case "protobuf" -> protobuf();
            default -> {
                keys.complain(
                        "format",
                        "unknown format '" + format.get() + "'",
                        NearestName.remedy(format.get(), Set.of("json", "avro", "protobuf")));
                yield Optional.empty();
            }
        };
    }

    private Optional<PayloadEncoding> avro() {
        if (keys.mapping().find("message").isPresent()) {
            keys.complain("message", "an Avro schema is one record's", "remove it");
        }
        Function<byte[], Schema> parse =
                bytes -> PayloadSchemas.avro(new String(bytes, StandardCharsets.UTF_8));
        Optional<Schema> schema = schema(parse, "name a file with an Avro schema, thing.avsc");
        Map<Integer, Schema> writers = writers(parse);
        Map<String, String> headers = headers();
        return schema.map(sound -> new PayloadEncoding.Avro(sound, writers, headers));
    }

    private Optional<PayloadEncoding> protobuf() {
        Optional<String> message =
                keys.requiredText("message", "write the message's full name, shop.v1.Order");
        Function<byte[], Descriptor> parse =
                bytes -> PayloadSchemas.protobuf(bytes, message.orElse(""));
        if (message.isEmpty()) {
            return Optional.empty();
        }
        Optional<Descriptor> schema =
                schema(
                        parse,
                        "name the file that protoc --descriptor_set_out --include_imports wrote");
        Map<Integer, Descriptor> writers = writers(parse);
        Map<String, String> headers = headers();
        return schema.map(sound -> new PayloadEncoding.Protobuf(sound, writers, headers));
    }

    private <T> Optional<T> schema(Function<byte[], T> parse, String remedy) {
        return keys.requiredText("schema", remedy).isEmpty()
                ? Optional.empty()
                : keys.parsed("schema", scalar -> parsed(scalar.text(), parse));
    }

    private <T> T parsed(String name, Function<byte[], T> parse) {
        try {
            Path path = file.resolveSibling(name);
            try {
                return parse.apply(Files.readAllBytes(path));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("'" + name + "' " + e.getMessage(), e);
            }
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException(
                    "the file '" + name + "' cannot be read beside the contract", e);
        }
    }

    private <T> Map<Integer, T> writers(Function<byte[], T> parse) {
        Map<Integer, T> writers = new LinkedHashMap<>();
        Optional<Keys> ids = keys.keys("schemaIds");
        for (YamlNode.Entry entry : ids.map(found -> found.mapping().entries()).orElse(List.of())) {
            String id = entry.key().text();
            if (!ID.matcher(id).matches()) {
                ids.orElseThrow()
                        .complain(id, "is no id of a schema", "write a whole number, 7: old.avsc");
                continue;
            }
            ids.orElseThrow()
                    .parsed(id, scalar -> parsed(scalar.text(), parse))
                    .ifPresent(schema -> writers.put(Integer.valueOf(id), schema));
        }
        return writers;
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        Optional<Keys> named = keys.keys("headers");
        for (YamlNode.Entry entry :
                named.map(found -> found.mapping().entries()).orElse(List.of())) {
            String name = entry.key().text();
            checkField(named.orElseThrow(), name);
            named.orElseThrow()
                    .parsed(name, EncodingReader::header)
                    .ifPresent(header -> headers.put(name, header));
        }
        return headers;
    }

    private void checkField(Keys named, String name) {
        Optional<Field> field = fields.stream().filter(one -> one.name().equals(name)).findFirst();
        if (field.isEmpty()) {
            named.complain(
                    name,
                    "there is no top-level field '" + name + "'",
                    NearestName.remedy(name, fields.stream().map(Field::name).toList()));
        } else if (field.get().added()) {
            named.complain(name, "the enricher sets this field", "remove it");
        } else if (field.get().type() instanceof FieldType.Struct
                || field.get().type() instanceof FieldType.Array) {
            named.complain(name, "a header carries a single value", "take another field");
        }
    }

    private static String header(Scalar scalar) {
        String header = scalar.text();
        if (!HEADER.matcher(header).matches() || IDENTITY.contains(header)) {
            throw new IllegalArgumentException(
                    "'"
                            + header
                            + "' cannot be taken; name ce_time, ce_subject or an extension of"
                            + " CloudEvents, ce_car");
        }
        return header;
    }
}
