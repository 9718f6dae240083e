package leat.ml.scoring;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.lang.foreign.Arena;
import java.lang.foreign.SegmentAllocator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import leat.core.scoring.Model;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.Port;
import leat.core.scoring.Signature;
import leat.core.scoring.Tensor;

/// A model of an ONNX file, opened in this process. It computes on the thread that asks, so the
/// same inputs give the same bits. What it holds outside of the heap is freed by [#close], after
/// which it must not be asked.
public final class OnnxModel implements Model, AutoCloseable {

    /// What messages of ONNX Runtime begin with.
    private static final Pattern OF_THE_COPY =
            Pattern.compile("^(Error code - \\S+ - message: ?)?(Load model from \\S+ failed: ?)?");

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Signature signature;

    private OnnxModel(OrtEnvironment environment, OrtSession session) throws OrtException {
        this.environment = environment;
        this.session = session;
        this.signature =
                new Signature(
                        ports(session.getInputInfo()), OnnxOutputs.ports(session.getOutputInfo()));
    }

    /// Opens a model. Weights may lie in files beside it, and nowhere else: ONNX Runtime looks
    /// below the model's folder only. No file need stay there.
    ///
    /// @throws ModelFailed when it is no ONNX file, or needs what this runtime does not have
    public static OnnxModel open(Path onnx) {
        OrtEnvironment environment =
                OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "leat");
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            // It would keep a pattern for each number of rows that ever came.
            options.setMemoryPatternOptimization(false);
            OrtSession session = environment.createSession(onnx.toString(), options);
            try {
                return new OnnxModel(environment, session);
            } catch (OrtException | ModelFailed e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new ModelFailed("the ONNX model cannot be opened: " + reason(e), e);
        }
    }

    /// Without the path, which is that of a copy, and without the code.
    private static String reason(OrtException e) {
        return OF_THE_COPY
                .matcher(String.valueOf(e.getMessage()))
                .replaceFirst("")
                .replaceFirst("\\.$", "");
    }

    private static List<Port> ports(Map<String, NodeInfo> nodes) {
        List<Port> ports = new ArrayList<>();
        for (NodeInfo node : nodes.values()) {
            ports.add(OnnxTensors.port(node));
        }
        return ports;
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Duration patience) {
        try (Arena memory = Arena.ofConfined()) {
            return run(inputs, patience, memory);
        } catch (OrtException e) {
            throw new ModelFailed("the model failed: " + e.getMessage(), e);
        }
    }

    private Map<String, Tensor> run(
            Map<String, Tensor> inputs, Duration patience, SegmentAllocator memory)
            throws OrtException {
        Map<String, OnnxTensor> given = new HashMap<>();
        try {
            for (Port port : signature.inputs()) {
                given.put(
                        port.name(), OnnxTensors.toOnnx(environment, input(port, inputs), memory));
            }
            try (TimedRun timed = TimedRun.within(patience);
                    OrtSession.Result result = timed.run(session, given)) {
                Map<String, Tensor> outputs = new HashMap<>();
                for (Port port : signature.outputs()) {
                    outputs.put(port.name(), OnnxOutputs.tensor(port, output(port, result)));
                }
                return outputs;
            }
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxValue output(Port port, OrtSession.Result result) {
        return result.get(port.name())
                .orElseThrow(() -> new ModelFailed("the model gave no output " + port.name()));
    }

    private static Tensor input(Port port, Map<String, Tensor> inputs) {
        Tensor tensor = inputs.get(port.name());
        if (tensor == null) {
            throw new ModelFailed("input " + port.name() + " is missing");
        }
        if (tensor.type() != port.type() || !port.shape().admits(tensor.shape())) {
            throw new ModelFailed(
                    "the model takes " + port + ", and is given " + tensor.type() + tensor.shape());
        }
        return tensor;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("an ONNX model cannot be closed", e);
        }
    }
}
