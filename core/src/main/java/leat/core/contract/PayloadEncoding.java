package leat.core.contract;

import com.google.protobuf.Descriptors.Descriptor;
import java.util.Map;
import org.apache.avro.Schema;

/// What a contract's clients may send beside JSON, with the schema that its fields were checked
/// against.
public sealed interface PayloadEncoding {

    /// Which header a field's value comes from where the payload does not carry it: names of
    /// top-level fields to names of headers, `ce_time`.
    Map<String, String> headers();

    /// Apache Avro's binary encoding.
    ///
    /// @param schema a record; what events are read as
    /// @param writers the schemas that clients may have written with, by the id that stands before
    ///   the event
    record Avro(Schema schema, Map<Integer, Schema> writers, Map<String, String> headers)
            implements PayloadEncoding {
        public Avro {
            writers = Map.copyOf(writers);
            headers = Map.copyOf(headers);
        }
    }

    /// Protocol Buffers.
    ///
    /// @param message what events are read as
    /// @param writers the message of the same name in the files that clients may have written with,
    ///   by the id that stands before the event
    record Protobuf(
            Descriptor message, Map<Integer, Descriptor> writers, Map<String, String> headers)
            implements PayloadEncoding {
        public Protobuf {
            writers = Map.copyOf(writers);
            headers = Map.copyOf(headers);
        }
    }
}
