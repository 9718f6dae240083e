"""Makes autoencoder.onnx again: pip install onnx numpy

A dense autoencoder of 28 features, 28-16-8-16-28, that fills what is missing, scales, and gives the mean squared error of
what it makes of a row as its score. Its weights are drawn once from a seed: what it says of a car means nothing.
"""

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

SIZES = [28, 16, 8, 16, 28]

random = np.random.default_rng(6)
nodes = []
constants = {
    "mean": random.uniform(0, 20, SIZES[0]),
    "scale": random.uniform(0.05, 1, SIZES[0]),
}


def node(operator, inputs, output, **attributes):
    nodes.append(helper.make_node(operator, inputs, [output], **attributes))
    return output


node("IsNaN", ["features"], "missing")
node("Where", ["missing", "mean", "features"], "filled")
node("Sub", ["filled", "mean"], "centred")
value = scaled = node("Mul", ["centred", "scale"], "scaled")
for layer, (given, made) in enumerate(zip(SIZES, SIZES[1:]), start=1):
    constants[f"weights{layer}"] = random.normal(0, given**-0.5, (given, made))
    constants[f"bias{layer}"] = random.normal(0, 0.1, made)
    value = node("Gemm", [value, f"weights{layer}", f"bias{layer}"], f"dense{layer}")
    if layer < len(SIZES) - 1:
        value = node("Relu", [value], f"active{layer}")
node("Sub", [value, scaled], "error")
node("Mul", ["error", "error"], "squared")
node("ReduceMean", ["squared"], "score", axes=[1], keepdims=1)

graph = helper.make_graph(
    nodes,
    "autoencoder",
    [helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, SIZES[0]])],
    [helper.make_tensor_value_info("score", TensorProto.FLOAT, [None, 1])],
    initializer=[numpy_helper.from_array(array.astype(np.float32), name) for name, array in constants.items()],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
checker.check_model(model)
save(model, "autoencoder.onnx")
