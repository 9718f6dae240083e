package leat.core.encoding;

import com.google.protobuf.AnyProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import leat.core.contract.Field;
import leat.core.contract.PayloadEncoding;
import leat.core.contract.UnknownFields;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/// Reads the schemas of payloads and holds them against a contract's fields.
public final class PayloadSchemas {

    /// What protoc leaves away unless it is asked for it.
    private static final List<FileDescriptor> WELL_KNOWN =
            List.of(
                    TimestampProto.getDescriptor(),
                    WrappersProto.getDescriptor(),
                    DurationProto.getDescriptor(),
                    StructProto.getDescriptor(),
                    AnyProto.getDescriptor());

    private PayloadSchemas() {}

    /// Reads an Avro schema, which has to be a record's.
    ///
    /// @throws IllegalArgumentException when it is not
    public static Schema avro(String text) {
        try {
            Schema schema = new Schema.Parser().parse(text);
            if (schema.getType() != Schema.Type.RECORD) {
                throw new IllegalArgumentException(
                        "is the schema of " + schema.getType().getName() + ", not of a record");
            }
            return schema;
        } catch (AvroRuntimeException e) {
            throw new IllegalArgumentException("is no Avro schema: " + e.getMessage(), e);
        }
    }

    /// Finds a message in a set of file descriptors, as protoc and buf write it.
    ///
    /// @param name the message's full name
    /// @throws IllegalArgumentException when it is not there, or the bytes are no such set
    public static Descriptor protobuf(byte[] descriptorSet, String name) {
        Map<String, FileDescriptor> files = files(descriptorSet);
        List<Descriptor> found =
                files.values().stream()
                        .map(file -> file.findMessageTypeByName(inPackage(file, name)))
                        .filter(message -> message != null && message.getFullName().equals(name))
                        .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "has no message '"
                            + name
                            + "', only "
                            + String.join(
                                    ", ",
                                    files.values().stream()
                                            .flatMap(file -> file.getMessageTypes().stream())
                                            .map(Descriptor::getFullName)
                                            .limit(20)
                                            .toList()));
        }
        return found.getFirst();
    }

    private static String inPackage(FileDescriptor file, String name) {
        String prefix = file.getPackage().isEmpty() ? "" : file.getPackage() + ".";
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    private static Map<String, FileDescriptor> files(byte[] descriptorSet) {
        FileDescriptorSet set;
        try {
            set = FileDescriptorSet.parseFrom(descriptorSet);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("is no set of Protobuf descriptors", e);
        }
        Map<String, FileDescriptorProto> protos = new LinkedHashMap<>();
        set.getFileList().forEach(file -> protos.put(file.getName(), file));
        Map<String, FileDescriptor> built = new HashMap<>();
        Map<String, FileDescriptor> own = new LinkedHashMap<>();
        for (String name : protos.keySet()) {
            own.put(name, build(name, protos, built, List.of()));
        }
        return own;
    }

    private static FileDescriptor build(
            String name,
            Map<String, FileDescriptorProto> protos,
            Map<String, FileDescriptor> built,
            List<String> importers) {
        FileDescriptor known = built.get(name);
        if (known != null) {
            return known;
        }
        FileDescriptorProto proto = protos.get(name);
        if (proto == null || importers.contains(name)) {
            return WELL_KNOWN.stream()
                    .filter(file -> file.getName().equals(name))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException(
                                    "imports '"
                                            + name
                                            + "', which it does not hold; write it with"
                                            + " --include_imports"));
        }
        List<String> path = Stream.concat(importers.stream(), Stream.of(name)).toList();
        FileDescriptor[] dependencies =
                proto.getDependencyList().stream()
                        .map(one -> build(one, protos, built, path))
                        .toArray(FileDescriptor[]::new);
        try {
            FileDescriptor file = FileDescriptor.buildFrom(proto, dependencies);
            built.put(name, file);
            return file;
        } catch (DescriptorValidationException e) {
            throw new IllegalArgumentException("is not sound: " + e.getMessage(), e);
        }
    }

    /// Everything in which an encoding's schema and a contract's fields do not fit together, and
    /// the writers' schemas with it.
    public static List<String> faults(
            PayloadEncoding encoding, List<Field> fields, UnknownFields unknown) {
        FieldRules rules = new FieldRules(unknown, encoding.headers().keySet());
        return switch (encoding) {
            case PayloadEncoding.Avro avro ->
                    Stream.concat(
                                    AvroCompiler.compile(avro.schema(), fields, rules)
                                            .faults()
                                            .stream(),
                                    avro.writers().entrySet().stream()
                                            .filter(writer -> !reads(avro, writer.getValue()))
                                            .map(writer ->
                                                    "what was written with schema id "
                                                            + writer.getKey()
                                                            + " cannot be read with the"
                                                            + " contract's schema"))
                            .toList();
            case PayloadEncoding.Protobuf protobuf ->
                    ProtobufCompiler.compile(protobuf.message(), fields, rules).faults();
        };
    }

    private static boolean reads(PayloadEncoding.Avro avro, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(avro.schema(), writer).getType()
                == SchemaCompatibilityType.COMPATIBLE;
    }
}
