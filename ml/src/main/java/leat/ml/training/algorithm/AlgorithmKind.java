package leat.ml.training.algorithm;

import java.util.List;
import java.util.function.Function;

/// An algorithm as it can be asked for.
///
/// @param meaning for the reference, without a final full stop
/// @param parameters in the order of the reference
/// @param make the algorithm with parameters set
public record AlgorithmKind(
        String name,
        String meaning,
        List<Parameter> parameters,
        Function<Parameters, Algorithm> make) {

    public AlgorithmKind {
        parameters = List.copyOf(parameters);
    }
}
