package leat.ml.training.onnx;

import java.util.List;

/// A named setting of an operator: `AttributeProto` of
/// <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>.
public final class OnnxAttribute {

    private static final int NAME = 1;
    private static final int FLOAT = 2;
    private static final int INT = 3;
    private static final int STRING = 4;
    private static final int FLOATS = 7;
    private static final int INTS = 8;
    private static final int STRINGS = 9;
    private static final int TYPE = 20;

    /// The numbers of `AttributeProto.AttributeType`.
    private enum Type {
        FLOAT(1),
        INT(2),
        STRING(3),
        FLOATS(6),
        INTS(7),
        STRINGS(8);

        private final int number;

        Type(int number) {
            this.number = number;
        }
    }

    private final ProtoMessage message;

    private OnnxAttribute(String name, Type type) {
        this.message = new ProtoMessage().text(NAME, name).whole(TYPE, type.number);
    }

    public static OnnxAttribute whole(String name, long value) {
        OnnxAttribute attribute = new OnnxAttribute(name, Type.INT);
        attribute.message.whole(INT, value);
        return attribute;
    }

    public static OnnxAttribute decimal(String name, float value) {
        OnnxAttribute attribute = new OnnxAttribute(name, Type.FLOAT);
        attribute.message.decimal(FLOAT, value);
        return attribute;
    }

    public static OnnxAttribute text(String name, String value) {
        OnnxAttribute attribute = new OnnxAttribute(name, Type.STRING);
        attribute.message.text(STRING, value);
        return attribute;
    }

    public static OnnxAttribute wholes(String name, long[] values) {
        OnnxAttribute attribute = new OnnxAttribute(name, Type.INTS);
        for (long value : values) {
            attribute.message.whole(INTS, value);
        }
        return attribute;
    }

    public static OnnxAttribute decimals(String name, float[] values) {
        OnnxAttribute attribute = new OnnxAttribute(name, Type.FLOATS);
        for (float value : values) {
            attribute.message.decimal(FLOATS, value);
        }
        return attribute;
    }

    public static OnnxAttribute texts(String name, List<String> values) {
        OnnxAttribute attribute = new OnnxAttribute(name, Type.STRINGS);
        values.forEach(value -> attribute.message.text(STRINGS, value));
        return attribute;
    }

    ProtoMessage message() {
        return message;
    }
}
