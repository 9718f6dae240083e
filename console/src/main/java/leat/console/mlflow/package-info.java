/// MLflow's REST protocol: its paths, the fields of its requests and answers, its errors. What is
/// done is decided in [leat.core.tracking].
@NullMarked
package leat.console.mlflow;

import org.jspecify.annotations.NullMarked;
