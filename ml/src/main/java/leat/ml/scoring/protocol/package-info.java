/// The Open Inference Protocol, version 2, as bytes: requests and answers of JSON, with tensors in
/// binary behind it where the caller wants that. Knows nobody who serves or asks.
@NullMarked
package leat.ml.scoring.protocol;

import org.jspecify.annotations.NullMarked;
