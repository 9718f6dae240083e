package leat.ml.scoring.protocol;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import leat.core.scoring.ElementType;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.Port;
import leat.core.scoring.Shape;
import leat.core.scoring.Tensor;
import leat.core.scoring.TensorValues;

/// What tensors are in every form that the protocol has.
public final class Tensors {

    private static final String SHARED_MEMORY = "shared_memory_";

    private Tensors() {}

    /// Lets all parameters pass but those of memory that client and server share: what they stand
    /// for is neither in the request nor would it be in the answer.
    ///
    /// @param name of the tensor
    /// @param parameters their names
    /// @throws InferenceMalformed when one is of shared memory
    public static void refuseSharedMemory(String name, Collection<String> parameters) {
        for (String parameter : parameters) {
            if (parameter.startsWith(SHARED_MEMORY)) {
                throw new InferenceMalformed(
                        name
                                + " has the parameter "
                                + parameter
                                + ", and shared memory is not served; values go with the request"
                                + " and come with the answer");
            }
        }
    }

    /// The type of a datatype's word.
    ///
    /// @throws InferenceMalformed when it is not served
    public static ElementType type(String name, String word) {
        try {
            return ElementType.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException _) {
            throw new InferenceMalformed(
                    name
                            + " is of datatype "
                            + word
                            + ", which is not served; there are "
                            + List.of(ElementType.values()));
        }
    }

    /// The shape of a tensor.
    ///
    /// @throws InferenceMalformed when no tensor has it
    public static Shape shape(String name, List<Long> dimensions) {
        Shape shape;
        try {
            shape = new Shape(dimensions);
        } catch (IllegalArgumentException e) {
            throw new InferenceMalformed(name + ": " + e.getMessage());
        }
        try {
            if (shape.size() >= 0) {
                return shape;
            }
        } catch (ArithmeticException | IllegalStateException _) {
            // Refused below.
        }
        throw new InferenceMalformed(name + ": there is no tensor of shape " + shape);
    }

    /// A tensor of single values.
    ///
    /// @throws InferenceMalformed when they do not fit
    public static Tensor of(Port port, List<?> values) {
        try {
            return TensorValues.tensor(port, port.shape(), values);
        } catch (ModelFailed e) {
            throw new InferenceMalformed(String.valueOf(e.getMessage()));
        }
    }
}
