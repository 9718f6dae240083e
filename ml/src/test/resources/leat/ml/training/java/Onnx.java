import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A logistic regression in ONNX, whose messages are protocol buffers.
final class Onnx {

    private static final int FLOAT = 1;

    private Onnx() {}

    /// @param weights of the features, and behind them the constant
    static byte[] logistic(double[] weights) {
        int features = weights.length - 1;
        Message graph =
                new Message()
                        .message(1, node("Gemm", "sum", "features", "weights", "constant"))
                        .message(1, node("Sigmoid", "probability", "sum"))
                        .text(2, "logistic")
                        .message(5, tensor("weights", weights, 0, features, features, 1))
                        .message(5, tensor("constant", weights, features, 1, 1))
                        .message(11, value("features", features))
                        .message(12, value("probability", 1));
        return new Message()
                .number(1, 8)
                .message(7, graph)
                .message(8, new Message().number(2, 13))
                .bytes();
    }

    private static Message node(String operator, String output, String... inputs) {
        Message node = new Message();
        for (String input : inputs) {
            node.text(1, input);
        }
        return node.text(2, output).text(4, operator);
    }

    private static Message tensor(
            String name, double[] values, int from, int count, int... dimensions) {
        Message tensor = new Message();
        for (int dimension : dimensions) {
            tensor.number(1, dimension);
        }
        ByteBuffer raw = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int index = from; index < from + count; index++) {
            raw.putFloat((float) values[index]);
        }
        return tensor.number(2, FLOAT).text(8, name).bytes(9, raw.array());
    }

    /// Any number of rows of so many floats.
    private static Message value(String name, int width) {
        Message shape =
                new Message()
                        .message(1, new Message().text(2, "rows"))
                        .message(1, new Message().number(1, width));
        Message tensor = new Message().number(1, FLOAT).message(2, shape);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    /// A message, field by field.
    private static final class Message {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message number(int field, int value) {
            number(field << 3);
            number(value);
            return this;
        }

        Message text(int field, String text) {
            return bytes(field, text.getBytes(UTF_8));
        }

        Message message(int field, Message message) {
            return bytes(field, message.bytes());
        }

        Message bytes(int field, byte[] content) {
            number(field << 3 | 2);
            number(content.length);
            bytes.writeBytes(content);
            return this;
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }

        /// Seven bits a byte, the lowest first.
        private void number(int value) {
            int rest = value;
            while (rest > 0x7f) {
                bytes.write(rest & 0x7f | 0x80);
                rest >>>= 7;
            }
            bytes.write(rest);
        }
    }
}
