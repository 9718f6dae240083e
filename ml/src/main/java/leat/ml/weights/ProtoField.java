package leat.ml.weights;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A field of a message of Protobuf as it is written.
///
/// @param whole with its number and length
/// @param body without; of a field without a length, its value as it is written
record ProtoField(int number, int wireType, ByteString whole, ByteString body) {

    /// All fields of a message, in their order. Their bytes are those of the message, not copied.
    ///
    /// @throws InvalidProtocolBufferException when it is none
    static List<ProtoField> of(ByteString message) throws InvalidProtocolBufferException {
        List<ProtoField> fields = new ArrayList<>();
        try {
            CodedInputStream in = message.newCodedInput();
            in.enableAliasing(true);
            while (!in.isAtEnd()) {
                int from = in.getTotalBytesRead();
                int tag = in.readTag();
                int valueAt = in.getTotalBytesRead();
                int wireType = WireFormat.getTagWireType(tag);
                if (wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    int length = in.readRawVarint32();
                    valueAt = in.getTotalBytesRead();
                    in.skipRawBytes(length);
                } else if (!in.skipField(tag)) {
                    throw new InvalidProtocolBufferException("a group ends that did not begin");
                }
                int to = in.getTotalBytesRead();
                fields.add(
                        new ProtoField(
                                WireFormat.getTagFieldNumber(tag),
                                wireType,
                                message.substring(from, to),
                                message.substring(valueAt, to)));
            }
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidProtocolBufferException(e);
        }
        return fields;
    }

    /// Whether its value has a length of its own: a text, bytes, a message, or packed numbers.
    boolean hasLength() {
        return wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    /// Its whole numbers, one or packed.
    List<Long> wholes() throws InvalidProtocolBufferException {
        List<Long> numbers = new ArrayList<>();
        try {
            CodedInputStream in = body.newCodedInput();
            while (!in.isAtEnd()) {
                numbers.add(in.readRawVarint64());
            }
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidProtocolBufferException(e);
        }
        return numbers;
    }
}
