package leat.ml.weights;

import com.google.protobuf.ByteString;
import java.util.List;

/// A tensor of weights.
///
/// @param shape its dimensions; none for a single number
/// @param bytes its elements one after the other, the last dimension the fastest, little-endian
public record Weight(WeightType type, List<Long> shape, ByteString bytes) {

    /// @throws WeightsRefused when it has not as many bytes as its shape asks for
    public Weight {
        shape = List.copyOf(shape);
        long wanted = sizeBytes(type, shape);
        if (wanted != bytes.size()) {
            throw new WeightsRefused(
                    type + shape.toString() + " has " + bytes.size() + " bytes, not " + wanted,
                    "write the file again");
        }
    }

    /// How many bytes a tensor has; -1 for more than a file can have, or a dimension below 0.
    static long sizeBytes(WeightType type, List<Long> shape) {
        long size = type.sizeBytes();
        for (long dimension : shape) {
            if (dimension < 0 || (dimension > 0 && size > Integer.MAX_VALUE / dimension)) {
                return -1;
            }
            size *= dimension;
        }
        return size;
    }

    /// `FLOAT[3, 4]`, for people
    String kind() {
        return type + shape.toString();
    }
}
