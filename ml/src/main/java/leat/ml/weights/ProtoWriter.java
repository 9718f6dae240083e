package leat.ml.weights;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;

/// A message of Protobuf in the making, of parts that are not copied.
final class ProtoWriter {

    private static final int TAG_BITS = 3;
    private static final int MOST_NUMBER_BYTES = 10;

    private ByteString bytes = ByteString.EMPTY;

    private static ByteString number(long value) {
        byte[] bytes = new byte[MOST_NUMBER_BYTES];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            out.writeUInt64NoTag(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteString.copyFrom(bytes, 0, out.getTotalBytesWritten());
    }

    private static ByteString tag(int field, int wireType) {
        return number(((long) field << TAG_BITS) | wireType);
    }

    /// Adds a number.
    ProtoWriter whole(int field, long value) {
        return as(tag(field, WireFormat.WIRETYPE_VARINT)).as(number(value));
    }

    /// Adds a text, bytes or a message.
    ProtoWriter bytes(int field, ByteString value) {
        return as(tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED))
                .as(number(value.size()))
                .as(value);
    }

    /// Adds fields as they were written elsewhere.
    ProtoWriter as(ByteString written) {
        bytes = bytes.concat(written);
        return this;
    }

    ByteString toBytes() {
        return bytes;
    }
}
