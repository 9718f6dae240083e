package leat.ml.weights;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import leat.core.yaml.NearestName;

/// An ONNX model as what can be exchanged in it, its initializers, and all the rest, which stays
/// byte for byte as it is. Weights that are attributes of operators, those of tree ensembles say,
/// are of the rest, and so are initializers of graphs inside of operators.
public final class OnnxInitializers {

    private static final int MODEL_GRAPH = 7;
    private static final int MODEL_OPERATORS = 8;
    private static final int MODEL_FUNCTION = 25;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int GRAPH_INPUT = 11;
    private static final int GRAPH_OUTPUT = 12;
    private static final int GRAPH_SPARSE = 15;
    private static final int NODE_NAME = 3;
    private static final int NODE_TEXT = 6;
    private static final int SHOWN = 5;

    private final List<ProtoField> model;
    private final List<ProtoField> graph;
    private final Map<String, Initializer> byName = new LinkedHashMap<>();

    private OnnxInitializers(List<ProtoField> model, List<ProtoField> graph)
            throws InvalidProtocolBufferException {
        this.model = model;
        this.graph = graph;
        for (ProtoField field : graph) {
            if (field.number() == GRAPH_INITIALIZER) {
                Initializer one = Initializer.of(field.body());
                byName.put(one.name(), one);
            }
        }
    }

    /// Reads a model.
    ///
    /// @param what it is, for people: `cars/1`
    /// @throws WeightsRefused when it is none
    public static OnnxInitializers of(String what, ByteString onnx) {
        try {
            List<ProtoField> model = ProtoField.of(onnx);
            List<ProtoField> graphs =
                    model.stream().filter(field -> field.number() == MODEL_GRAPH).toList();
            if (graphs.size() != 1 || !graphs.getFirst().hasLength()) {
                throw notOnnx(what, "it has no graph");
            }
            return new OnnxInitializers(model, ProtoField.of(graphs.getFirst().body()));
        } catch (InvalidProtocolBufferException e) {
            throw notOnnx(what, String.valueOf(e.getMessage()));
        }
    }

    private static WeightsRefused notOnnx(String what, String why) {
        return new WeightsRefused(what + " is no ONNX model: " + why, "name another one");
    }

    /// Refuses weights that are not for this model: of other names, shapes or types.
    ///
    /// @param what this is, for people: `cars/1`
    /// @throws WeightsRefused when they are not; the text names each, up to a few
    public void check(String what, Weights weights) {
        List<String> wrong = new ArrayList<>();
        weights.byName()
                .forEach((name, weight) -> {
                    Initializer known = byName.get(name);
                    if (known == null) {
                        wrong.add(
                                name
                                        + " is no initializer of it"
                                        + NearestName.of(name, byName.keySet())
                                                .map(near -> " (is " + near + " meant?)")
                                                .orElse(""));
                    } else if (known.type() != weight.type().onnx()
                            || !known.shape().equals(weight.shape())) {
                        wrong.add(name + " is " + weight.kind() + ", and there " + known.kind());
                    }
                });
        if (weights.byName().isEmpty()) {
            wrong.add("there are none");
        }
        if (!wrong.isEmpty()) {
            throw new WeightsRefused(
                    "the weights are not for " + what + ": " + some(wrong, "; "),
                    byName.isEmpty()
                            ? "register a whole model: this one has no initializers, its weights"
                                    + " are attributes of its operators"
                            : "its initializers are "
                                    + some(
                                            byName.values().stream()
                                                    .map(one -> one.name() + " " + one.kind())
                                                    .toList(),
                                            ", "));
        }
    }

    private static String some(List<String> texts, String between) {
        return String.join(between, texts.subList(0, Math.min(SHOWN, texts.size())))
                + (texts.size() > SHOWN ? " and " + (texts.size() - SHOWN) + " more" : "");
    }

    /// The weights of another model of the same graph.
    ///
    /// @param what this is, for people: `cars/1`
    /// @param otherWhat what the other one is: `new.onnx`
    /// @throws WeightsRefused when the models differ by more than their weights, or those of the
    ///   other one cannot be read
    public Weights ofSameGraph(String what, OnnxInitializers other, String otherWhat) {
        Set<String> names = new HashSet<>(byName.keySet());
        try {
            if (!names.equals(other.byName.keySet()) || !rest().equals(other.rest())) {
                throw new WeightsRefused(
                        otherWhat + " has another graph than " + what,
                        "register it as a whole model, or give the weights alone as "
                                + Weights.SAFE_TENSORS
                                + " or "
                                + Weights.NUMPY);
            }
            TreeMap<String, Weight> weights = new TreeMap<>();
            for (Initializer one : other.byName.values()) {
                if (one.isOutside()) {
                    throw new WeightsRefused(
                            one.name() + " of " + otherWhat + " lies in a file of its own",
                            "save the model with all of it in one file");
                }
                Optional<Weight> weight = one.weight();
                if (weight.isPresent()) {
                    weights.put(one.name(), weight.get());
                } else if (!fields(one).equals(fields(initializer(one.name())))) {
                    throw new WeightsRefused(
                            one.name() + " is " + one.kind() + ", which cannot be exchanged",
                            "register it as a whole model");
                }
            }
            return new Weights(weights);
        } catch (InvalidProtocolBufferException e) {
            throw notOnnx(otherWhat, String.valueOf(e.getMessage()));
        }
    }

    private Initializer initializer(String name) {
        return Optional.ofNullable(byName.get(name)).orElseThrow();
    }

    private static List<ByteString> fields(Initializer initializer) {
        return initializer.fields().stream().map(ProtoField::whole).toList();
    }

    /// What is computed, apart from initializers: the versions of operators, functions, operators
    /// without their own names and texts, inputs and outputs.
    private Map<Integer, List<ByteString>> rest() throws InvalidProtocolBufferException {
        Map<Integer, List<ByteString>> rest = new HashMap<>();
        for (ProtoField field : model) {
            if (field.number() == MODEL_OPERATORS || field.number() == MODEL_FUNCTION) {
                rest.computeIfAbsent(field.number(), _ -> new ArrayList<>()).add(field.body());
            }
        }
        for (ProtoField field : graph) {
            switch (field.number()) {
                case GRAPH_NODE -> {
                    ByteString node = ByteString.EMPTY;
                    for (ProtoField part : ProtoField.of(field.body())) {
                        if (part.number() != NODE_NAME && part.number() != NODE_TEXT) {
                            node = node.concat(part.whole());
                        }
                    }
                    rest.computeIfAbsent(GRAPH_NODE, _ -> new ArrayList<>()).add(node);
                }
                case GRAPH_INPUT, GRAPH_OUTPUT, GRAPH_SPARSE ->
                        rest.computeIfAbsent(field.number(), _ -> new ArrayList<>())
                                .add(field.body());
                default -> {
                    // Names, texts, and what is known of values in between.
                }
            }
        }
        return rest;
    }

    /// Those of the weights that are other than what this model has.
    public Weights changed(Weights weights) {
        return weights.where((name, weight) -> {
            Initializer known = byName.get(name);
            try {
                return known == null || !known.weight().equals(Optional.of(weight));
            } catch (InvalidProtocolBufferException _) {
                return true;
            }
        });
    }

    /// The model with other weights in the place of its own.
    ///
    /// @param what this is, for people: `cars/1`
    /// @throws WeightsRefused when they are not for this model
    public ByteString with(String what, Weights weights) {
        check(what, weights);
        ProtoWriter composed = new ProtoWriter();
        for (ProtoField field : graph) {
            if (field.number() == GRAPH_INITIALIZER) {
                composed.bytes(GRAPH_INITIALIZER, initializer(field.body(), weights));
            } else {
                composed.as(field.whole());
            }
        }
        ProtoWriter whole = new ProtoWriter();
        for (ProtoField field : model) {
            if (field.number() == MODEL_GRAPH) {
                whole.bytes(MODEL_GRAPH, composed.toBytes());
            } else {
                whole.as(field.whole());
            }
        }
        return whole.toBytes();
    }

    private static ByteString initializer(ByteString message, Weights weights) {
        try {
            String name = Initializer.of(message).name();
            Weight weight = weights.byName().get(name);
            return weight == null ? message : Initializer.message(name, weight);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("it was read before", e);
        }
    }
}
