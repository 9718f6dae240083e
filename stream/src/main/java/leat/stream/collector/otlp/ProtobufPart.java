package leat.stream.collector.otlp;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;

/// A message in the wire format of Protobuf.
///
/// @param bytes those of the whole request, not copied
@SuppressWarnings("ArrayRecordComponent") // not compared, and copying is what it saves
record ProtobufPart(byte[] bytes, int from, int to) implements Undecoded {

    @Override
    public int sizeBytes() {
        return to - from;
    }

    @Override
    public byte[] toBytes() {
        return Arrays.copyOfRange(bytes, from, to);
    }

    @Override
    public <B extends Message.Builder> B decode(B builder, Set<FieldDescriptor> except)
            throws MalformedExport {
        try {
            if (except.isEmpty()) {
                builder.mergeFrom(bytes, from, to - from);
            } else {
                builder.mergeFrom(without(except));
            }
            return builder;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private byte[] without(Set<FieldDescriptor> except) throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        CodedInputStream in = open();
        while (!in.isAtEnd()) {
            int start = from + in.getTotalBytesRead();
            int tag = in.readTag();
            in.skipField(tag);
            int number = WireFormat.getTagFieldNumber(tag);
            if (except.stream().noneMatch(field -> field.getNumber() == number)) {
                rest.write(bytes, start, from + in.getTotalBytesRead() - start);
            }
        }
        return rest.toByteArray();
    }

    @Override
    public void each(FieldDescriptor field, Sink sink) throws MalformedExport {
        try {
            CodedInputStream in = open();
            while (!in.isAtEnd()) {
                int tag = in.readTag();
                if (WireFormat.getTagFieldNumber(tag) == field.getNumber()
                        && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    int size = in.readRawVarint32();
                    int start = from + in.getTotalBytesRead();
                    in.skipRawBytes(size);
                    sink.take(new ProtobufPart(bytes, start, start + size));
                } else {
                    in.skipField(tag);
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private CodedInputStream open() {
        return CodedInputStream.newInstance(bytes, from, to - from);
    }

    private static MalformedExport unreadable(IOException e) {
        return MalformedExport.unreadable("not Protobuf of an export request: " + e.getMessage());
    }
}
