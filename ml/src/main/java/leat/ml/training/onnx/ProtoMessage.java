package leat.ml.training.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// A message of Protobuf, written field after field in the order of the calls.
final class ProtoMessage {

    private final ByteString.Output bytes = ByteString.newOutput();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    /// Something written to memory, where nothing can fail.
    private interface Write {
        void run() throws IOException;
    }

    private ProtoMessage write(Write write) {
        try {
            write.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ProtoMessage text(int field, String value) {
        return write(() -> out.writeString(field, value));
    }

    ProtoMessage whole(int field, long value) {
        return write(() -> out.writeInt64(field, value));
    }

    ProtoMessage decimal(int field, float value) {
        return write(() -> out.writeFloat(field, value));
    }

    ProtoMessage bytes(int field, ByteString value) {
        return write(() -> out.writeBytes(field, value));
    }

    ProtoMessage message(int field, ProtoMessage value) {
        return bytes(field, value.toBytes());
    }

    ByteString toBytes() {
        write(out::flush);
        return bytes.toByteString();
    }
}
