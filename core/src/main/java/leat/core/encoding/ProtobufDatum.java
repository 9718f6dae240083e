package leat.core.encoding;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One event being read as a Protobuf message, no deeper than an event may be. Fields that the
/// message does not have are passed over, as Protobuf wants it.
final class ProtobufDatum {

    private static final int MAX_DEPTH = 64;

    private ProtobufDatum() {}

    /// Reads a message.
    ///
    /// @throws Undecodable when the rest of the input is none
    static Message read(Descriptor type, CodedInputStream input) {
        input.setRecursionLimit(MAX_DEPTH);
        try {
            DynamicMessage.Builder message = DynamicMessage.newBuilder(type).mergeFrom(input);
            input.checkLastTagWas(0);
            return message.buildPartial();
        } catch (InvalidProtocolBufferException e) {
            throw new Undecodable("is no " + type.getFullName() + ": " + e.getMessage());
        } catch (IOException e) {
            throw new IllegalStateException("an array cannot fail to be read", e);
        }
    }

    /// Reads the place of a message in its file, as it stands behind a schema's id: how many
    /// indexes, then each, in zigzag; a single 0 means the first message.
    ///
    /// @param anyOfTheFile a message of the file
    /// @throws Undecodable when the file has no message there
    static Descriptor place(Descriptor anyOfTheFile, CodedInputStream input) {
        try {
            int count = input.readSInt32();
            if (count < 0 || count > MAX_DEPTH) {
                throw new Undecodable("names its message by " + count + " indexes");
            }
            List<Descriptor> level = anyOfTheFile.getFile().getMessageTypes();
            @Nullable Descriptor found = count == 0 && !level.isEmpty() ? level.getFirst() : null;
            for (int i = 0; i < count; i++) {
                int index = input.readSInt32();
                if (index < 0 || index >= level.size()) {
                    found = null;
                    break;
                }
                found = level.get(index);
                level = found.getNestedTypes();
            }
            if (found == null) {
                throw new Undecodable("names a message that its schema does not have");
            }
            return found;
        } catch (IOException e) {
            throw new Undecodable("ends within the indexes of its message");
        }
    }
}
