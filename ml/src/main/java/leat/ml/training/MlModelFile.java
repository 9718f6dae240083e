package leat.ml.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import leat.core.scoring.ElementType;
import leat.core.scoring.OutputValue;
import leat.core.scoring.Port;
import leat.core.scoring.Signature;
import leat.ml.training.algorithm.ExportedModel;
import leat.ml.training.algorithm.Fitted;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The file `MLmodel` beside one in ONNX, by which MLflow's client in Python loads it, as
/// `mlflow.onnx` or as `mlflow.pyfunc`: <https://mlflow.org/docs/latest/ml/model/>. The input has
/// no name in it, so that rows may be given as an array or a table.
final class MlModelFile {

    static final String NAME = "MLmodel";

    private static final JsonMapper JSON = JsonMapper.shared();

    private MlModelFile() {}

    /// The file's bytes.
    ///
    /// @param onnx the model
    /// @param features in the order in which it takes them
    /// @throws leat.core.scoring.ModelFailed when the model cannot be opened
    static byte[] of(
            byte[] onnx, OutputValue score, List<String> features, String runId, Instant made) {
        Signature signature;
        try (ExportedModel model = ExportedModel.open(onnx, score)) {
            signature = model.signature();
        }
        return """
        artifact_path: model
        flavors:
          onnx:
            code: null
            data: %1$s
            providers: [CPUExecutionProvider]
          python_function:
            data: %1$s
            loader_module: mlflow.onnx
        metadata:
          leat.features: %2$s
          leat.score: %3$s
        run_id: %4$s
        signature:
          inputs: %5$s
          outputs: %6$s
        utc_time_created: %7$s
        """
                .formatted(
                        Fitted.ONNX_FILE,
                        JSON.writeValueAsString(features),
                        quoted(score.toString()),
                        quoted(runId),
                        quoted(tensors(signature.inputs(), false)),
                        quoted(tensors(signature.outputs(), true)),
                        quoted(made.toString().replace("T", " ").replace("Z", "")))
                .getBytes(UTF_8);
    }

    /// A text of JSON is one of YAML.
    private static String quoted(String text) {
        return JSON.writeValueAsString(text);
    }

    private static String tensors(List<Port> ports, boolean named) {
        ArrayNode tensors = JSON.createArrayNode();
        for (Port port : ports) {
            ObjectNode tensor = tensors.addObject().put("type", "tensor");
            if (named) {
                tensor.put("name", port.name());
            }
            ArrayNode shape =
                    tensor.putObject("tensor-spec")
                            .put("dtype", type(port.type()))
                            .putArray("shape");
            port.shape().dimensions().forEach(shape::add);
        }
        return JSON.writeValueAsString(tensors);
    }

    /// By NumPy's names.
    private static String type(ElementType type) {
        return switch (type) {
            case FP32 -> "float32";
            case FP64 -> "float64";
            case BYTES -> "str";
            case BOOL, INT8, INT16, INT32, INT64, UINT8 -> type.name().toLowerCase(Locale.ROOT);
        };
    }
}
