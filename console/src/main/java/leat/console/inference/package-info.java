/// The Open Inference Protocol, version 2, over HTTP: registered models, asked by request and
/// response. Knows the protocol's paths and errors; what models are is asked of `leat.ml.scoring`.
@NullMarked
package leat.console.inference;

import org.jspecify.annotations.NullMarked;
