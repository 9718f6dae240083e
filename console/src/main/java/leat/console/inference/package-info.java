/// The Open Inference Protocol, version 2, over HTTP: registered models, asked by request and
/// response; and what it has in common with `leat.console.grpc`, why a request is refused. What
/// models are is asked of `leat.ml.scoring`.
@NullMarked
package leat.console.inference;

import org.jspecify.annotations.NullMarked;
