package leat.core.scoring;

/// An input or output of a model.
///
/// @param shape with free dimensions where the model leaves them open
public record Port(String name, ElementType type, Shape shape) {

    /// As people write it, `x FP32[?, 18]`.
    @Override
    public String toString() {
        return name + " " + type + shape;
    }
}
