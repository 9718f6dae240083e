package leat.stream.collector.otlp;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Set;

/// A message of a request of which only the place is known. Requests are taken apart record by
/// record, since a few bytes of them can stand for objects many times as large.
sealed interface Undecoded permits ProtobufPart, JsonPart {

    /// How many bytes it has.
    int sizeBytes();

    /// Its own bytes.
    byte[] toBytes();

    /// Puts what it holds into `builder`, without the fields of `except`.
    <B extends Message.Builder> B decode(B builder, Set<FieldDescriptor> except)
            throws MalformedExport;

    /// Hands out the messages under a field, each for itself.
    void each(FieldDescriptor field, Sink sink) throws MalformedExport;

    /// Takes messages.
    interface Sink {
        void take(Undecoded part) throws MalformedExport;
    }
}
