package leat.ml.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import leat.core.artifact.ArtifactLimits;

/// Tensors by their names: some or all of the initializers of an ONNX model.
public record Weights(SortedMap<String, Weight> byName) {

    /// What the registry's files of weights are called where we write them.
    public static final String FILE = "weights.safetensors";

    public static final String SAFE_TENSORS = ".safetensors";
    public static final String NUMPY = ".npz";

    public Weights {
        byName = Collections.unmodifiableSortedMap(new TreeMap<>(byName));
    }

    /// Whether a file is of weights, by its name.
    public static boolean isWeights(String fileName) {
        String lower = fileName.toLowerCase(Locale.ROOT);
        return lower.endsWith(SAFE_TENSORS) || lower.endsWith(NUMPY);
    }

    /// Reads a file of `.safetensors` or `.npz`.
    ///
    /// @throws WeightsRefused when it is neither, or larger than an artifact may be
    /// @throws UncheckedIOException when it cannot be read
    public static Weights read(Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            if (Files.size(file) > ArtifactLimits.FILE_BYTES) {
                throw new WeightsRefused(
                        name
                                + " has "
                                + Files.size(file)
                                + " bytes, and weights may have "
                                + ArtifactLimits.FILE_BYTES,
                        "leave away what has not changed");
            }
            if (name.toLowerCase(Locale.ROOT).endsWith(NUMPY)) {
                return new Weights(NumpyArchive.read(file));
            }
            if (name.toLowerCase(Locale.ROOT).endsWith(SAFE_TENSORS)) {
                return new Weights(SafeTensors.read(name, Files.readAllBytes(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new WeightsRefused(
                name + " is no file of weights", "write " + SAFE_TENSORS + " or " + NUMPY);
    }

    /// These, and of the others those that these do not have.
    public Weights over(Weights others) {
        SortedMap<String, Weight> all = new TreeMap<>(others.byName);
        all.putAll(byName);
        return new Weights(all);
    }

    /// Those of which something holds.
    Weights where(BiPredicate<String, Weight> condition) {
        SortedMap<String, Weight> some = new TreeMap<>(byName);
        some.entrySet().removeIf(entry -> !condition.test(entry.getKey(), entry.getValue()));
        return new Weights(some);
    }

    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /// The file [#FILE], byte for byte the same each time.
    public byte[] safeTensors() {
        return SafeTensors.bytes(byName);
    }
}
