package leat.ml.training.onnx;

/// What the values of a tensor are, with the numbers of `TensorProto.DataType`.
public enum OnnxType {
    FLOAT(1),
    INT64(7);

    private final int number;

    OnnxType(int number) {
        this.number = number;
    }

    /// As `to` of a `Cast` asks for it.
    public int number() {
        return number;
    }
}
