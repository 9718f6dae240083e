package leat.core.scoring;

import java.util.List;
import java.util.Optional;

/// What a model takes and gives.
public record Signature(List<Port> inputs, List<Port> outputs) {

    public Signature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    public Optional<Port> output(String name) {
        return outputs.stream().filter(port -> port.name().equals(name)).findFirst();
    }
}
