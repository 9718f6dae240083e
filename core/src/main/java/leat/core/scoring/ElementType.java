package leat.core.scoring;

/// What the values of a tensor are, by the names of the Open Inference Protocol.
public enum ElementType {
    BOOL,
    INT8,
    INT16,
    INT32,
    INT64,
    UINT8,
    FP32,
    FP64,
    /// Texts in UTF-8.
    BYTES
}
