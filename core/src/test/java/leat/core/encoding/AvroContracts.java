package leat.core.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;
import leat.core.yaml.Checked;
import leat.core.yaml.Problem;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/// Contracts with Avro schemas beside them, and events written by Avro's own library.
final class AvroContracts {

    private AvroContracts() {}

    /// A contract file with these properties and custom properties, read.
    static Checked<Contract> read(Path folder, String properties, String custom) {
        String text =
                """
                apiVersion: v3.1.0
                kind: DataContract
                id: thing
                name: thing
                version: 1.0.0
                status: active
                schema:
                  - name: thing
                    logicalType: object
                    properties:
                PROPERTIEScustomProperties:
                CUSTOM\
                """
                        .replace("PROPERTIES", properties.indent(6))
                        .replace("CUSTOM", custom.indent(2));
        return OdcsReader.read(folder.resolve("thing.odcs.yaml"), text);
    }

    /// Reads a contract with one Avro schema, `thing.avsc`.
    static Checked<Contract> avro(Path folder, String schema, String properties) {
        return avro(folder, schema, properties, "");
    }

    /// @param more members of `leat.encoding`, with a comma before them
    static Checked<Contract> avro(Path folder, String schema, String properties, String more) {
        write(folder, "thing.avsc", schema.getBytes(UTF_8));
        return read(
                folder,
                properties,
                "- {property: leat.encoding, value: {format: avro, schema: thing.avsc"
                        + more
                        + "}}\n");
    }

    static PayloadDecoder decoder(Contract contract) {
        return PayloadDecoder.of(contract).orElseThrow();
    }

    static List<String> messages(Checked<Contract> checked) {
        return checked.faults().stream().map(Problem::message).toList();
    }

    static Path write(Path folder, String name, byte[] bytes) {
        try {
            return Files.write(folder.resolve(name), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String resource(String name) {
        try (InputStream in =
                Objects.requireNonNull(AvroContracts.class.getResourceAsStream("/" + name))) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The datum as Avro's library writes it.
    static byte[] bytes(Schema schema, IndexedRecord datum) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try {
            new GenericDatumWriter<IndexedRecord>(schema).write(datum, encoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /// The same behind the byte 0 and a schema's id.
    static byte[] framed(int id, byte[] datum) {
        return ByteBuffer.allocate(5 + datum.length).put((byte) 0).putInt(id).put(datum).array();
    }

    static String json(Decoded decoded) {
        return switch (decoded) {
            case Decoded.Json(byte[] bytes) -> new String(bytes, UTF_8);
            case Decoded.Refused(var reason) -> throw new AssertionError(reason.toString());
        };
    }

    static String reason(Decoded decoded) {
        return switch (decoded) {
            case Decoded.Json(byte[] bytes) -> throw new AssertionError(new String(bytes, UTF_8));
            case Decoded.Refused(var reason) ->
                    reason.code().word() + " " + reason.field() + ": " + reason.message();
        };
    }
}
