package leat.ml.scoring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import leat.core.model.ModelVersion;
import leat.core.scoring.FeatureRows;
import leat.core.scoring.Model;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.ModelTooSlow;
import leat.core.scoring.Port;
import leat.core.scoring.Predictions;
import leat.core.scoring.Shape;
import leat.core.scoring.Signature;
import leat.core.scoring.Tensor;
import leat.core.scoring.TensorRows;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.featurestore.online.FeaturesRefused;
import leat.ml.featurestore.online.FoundFeatures;
import leat.ml.featurestore.online.OnlineUnavailable;

/// A request that names entities: their newest features are looked up in the online store, and
/// those that have all that the version takes are predicted of. The others have gaps in the place
/// of a prediction, and the reason beside it.
///
/// @param version that is asked, `failure-risk/3`
/// @param taken what it takes
/// @param entities their keys
record AskedByEntity(
        String version, EntityFeatures taken, FeatureQueries queries, List<String> entities) {

    AskedByEntity {
        entities = List.copyOf(entities);
    }

    /// Reads a request; empty where all that it gives are inputs of the model.
    ///
    /// @throws ModelFailed when it gives something else than inputs or keys, or both
    static Optional<AskedByEntity> of(
            OpenModel model, FeatureQueries queries, Map<String, Tensor> inputs) {
        List<String> known = model.signature().inputs().stream().map(Port::name).toList();
        List<String> others =
                inputs.keySet().stream().filter(name -> !known.contains(name)).sorted().toList();
        if (others.isEmpty()) {
            return Optional.empty();
        }
        String none = "the model has no input '" + others.getFirst() + "', but " + known;
        EntityFeatures taken =
                EntityFeatures.of(model.tags())
                        .orElseThrow(() ->
                                new ModelFailed(
                                        none
                                                + "; nor can it be asked by the keys of entities,"
                                                + " since "
                                                + model.version()
                                                + " has neither the tag "
                                                + ModelVersion.VIEW_TAG
                                                + " nor "
                                                + ModelVersion.FEATURE_SET_TAG));
        String entity = refusing(model.version(), taken, () -> taken.entity(queries));
        for (String other : others) {
            if (!other.equals(entity)) {
                throw new ModelFailed(
                        "the model has no input '"
                                + other
                                + "', but "
                                + known
                                + ", or '"
                                + entity
                                + "' for the keys of entities");
            }
        }
        if (inputs.size() > 1) {
            throw new ModelFailed(
                    "'"
                            + entity
                            + "' has the keys of entities whose features are looked up, and there"
                            + " are inputs of the model beside it; give the one or the others");
        }
        List<String> keys = keys(entity, inputs.values().iterator().next());
        return Optional.of(new AskedByEntity(model.version(), taken, queries, keys));
    }

    private static List<String> keys(String entity, Tensor tensor) {
        List<Long> row = tensor.shape().rowDimensions();
        boolean isColumn =
                !tensor.shape().dimensions().isEmpty()
                        && (row.isEmpty() || row.equals(List.of(1L)));
        if (isColumn && tensor instanceof Tensor.Texts texts) {
            return texts.values();
        }
        if (isColumn && tensor instanceof Tensor.Longs longs) {
            return LongStream.range(0, tensor.shape().rows())
                    .mapToObj(i -> Long.toString(longs.values().get((int) i)))
                    .toList();
        }
        throw new ModelFailed(
                "the keys in '"
                        + entity
                        + "' are BYTES or INT64 of shape [n] or [n, 1], and "
                        + tensor.type()
                        + tensor.shape()
                        + " is given");
    }

    private static <T> T refusing(String version, EntityFeatures taken, Supplier<T> lookup) {
        String takes = version + " takes features of " + taken.source().name() + ": ";
        try {
            return lookup.get();
        } catch (FeaturesRefused e) {
            throw new ModelFailed(takes + e.getMessage() + "; " + e.remedy(), e);
        } catch (OnlineUnavailable e) {
            throw new ModelUnready(takes + e.getMessage() + "; " + e.remedy());
        }
    }

    /// Looks the entities up and asks for those that have what the version takes.
    ///
    /// @param model the same version
    /// @param patience for all runs together
    /// @param by the name of who asks
    /// @return the model's outputs and what is said of each entity, a row an entity
    /// @throws ModelFailed when the view or set is not there, too many are asked for, or the model
    ///   does not take the features, or fails
    /// @throws ModelUnready when the store cannot say what it holds
    /// @throws ModelTooSlow when it takes too long
    SequencedMap<String, Tensor> ask(Model model, Duration patience, String by) {
        FoundFeatures found = refusing(version, taken, () -> taken.find(queries, entities, by));
        EntityRows rows = EntityRows.of(taken, found);
        SequencedMap<String, Tensor> answers = new LinkedHashMap<>();
        Map<String, Tensor> outputs = run(model, rows, patience);
        for (Port port : model.signature().outputs()) {
            answers.put(port.name(), answer(port, outputs, rows));
        }
        rows.about().forEach(answers::putIfAbsent);
        return answers;
    }

    private static Tensor answer(Port port, Map<String, Tensor> outputs, EntityRows rows) {
        Tensor output = outputs.get(port.name());
        if (output == null) {
            return TensorRows.gaps(port.type(), unanswered(port.shape(), rows.size()));
        }
        requireRows(port, output, rows.rows().size());
        return rows.rows().size() == rows.size()
                ? output
                : TensorRows.spread(output, rows.complete(), rows.size());
    }

    private static void requireRows(Port port, Tensor output, int rows) {
        if (output.shape().dimensions().isEmpty() || output.shape().rows() != rows) {
            throw new ModelFailed(
                    "output "
                            + port.name()
                            + " does not have a row for each that was given, so that the model"
                            + " cannot be asked by the keys of entities");
        }
    }

    /// Where the model was not asked, nobody knows how long a row is that it leaves open.
    private static Shape unanswered(Shape shape, int rows) {
        List<Long> dimensions = new ArrayList<>(List.of((long) rows));
        shape.rowDimensions()
                .forEach(dimension -> dimensions.add(dimension == Shape.FREE ? 0 : dimension));
        return new Shape(dimensions);
    }

    /// @return nothing where no entity has what the version takes
    private static Map<String, Tensor> run(Model model, EntityRows rows, Duration patience) {
        int count = rows.rows().size();
        int atOnce = Predictions.rowsAtOnce(model.signature(), Math.max(1, count));
        long endNanos = System.nanoTime() + patience.toNanos();
        List<Map<String, Tensor>> parts = new ArrayList<>();
        for (int from = 0; from < count; from += atOnce) {
            Duration left = Duration.ofNanos(endNanos - System.nanoTime());
            if (!left.isPositive()) {
                throw new ModelTooSlow(patience.toMillis());
            }
            List<List<Object>> some = rows.rows().subList(from, Math.min(count, from + atOnce));
            parts.add(
                    model.run(FeatureRows.tensors(model.signature(), rows.features(), some), left));
        }
        return parts.size() == 1 ? parts.getFirst() : joined(model.signature(), parts);
    }

    /// @param parts of a row each
    private static Map<String, Tensor> joined(
            Signature signature, List<Map<String, Tensor>> parts) {
        Map<String, Tensor> outputs = new HashMap<>();
        for (Port port : parts.isEmpty() ? List.<Port>of() : signature.outputs()) {
            List<Tensor> each =
                    parts.stream()
                            .map(part -> Objects.requireNonNull(part.get(port.name()), port.name()))
                            .toList();
            each.forEach(one -> requireRows(port, one, 1));
            outputs.put(port.name(), TensorRows.joined(each));
        }
        return outputs;
    }
}
