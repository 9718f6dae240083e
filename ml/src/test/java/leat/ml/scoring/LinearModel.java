package leat.ml.scoring;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/// ONNX files that give `2a - 3b` and a number of one's choice as `variable`.
public final class LinearModel {

    private static final byte[] BEFORE_NUMBER = "intercepts=".getBytes(US_ASCII);

    private LinearModel() {}

    /// `linear.onnx` with another intercept.
    public static byte[] adding(float number) {
        try (InputStream file = LinearModel.class.getResourceAsStream("linear.onnx")) {
            byte[] onnx = Objects.requireNonNull(file).readAllBytes();
            ByteBuffer.wrap(onnx)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(place(onnx) + BEFORE_NUMBER.length, number);
            return onnx;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int place(byte[] onnx) {
        for (int at = 0; at + BEFORE_NUMBER.length < onnx.length; at++) {
            if (Arrays.equals(
                    onnx, at, at + BEFORE_NUMBER.length, BEFORE_NUMBER, 0, BEFORE_NUMBER.length)) {
                return at;
            }
        }
        throw new AssertionError("the model has no intercept");
    }
}
