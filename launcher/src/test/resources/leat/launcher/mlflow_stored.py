"""Logs a model with MLflow's own client into an experiment whose artifacts are in an object store, so that the
client moves the files there by itself, registers it and makes it the champion. Leaves what it computes, loaded from
there, in scores.json."""

import json
import os

import boto3
import mlflow
import mlflow.onnx
import numpy
import onnx
import onnx.numpy_helper
import onnxruntime
from mlflow import MlflowClient

client = MlflowClient()
random = numpy.random.default_rng(7)
first = random.normal(size=(2, 20_000)).astype(numpy.float32)
second = (random.normal(size=(20_000, 1)) / 100).astype(numpy.float32)
graph = onnx.helper.make_graph(
    [
        onnx.helper.make_node("MatMul", ["X", "first"], ["hidden"]),
        onnx.helper.make_node("Tanh", ["hidden"], ["bent"]),
        onnx.helper.make_node("MatMul", ["bent", "second"], ["variable"]),
    ],
    "bent",
    [onnx.helper.make_tensor_value_info("X", onnx.TensorProto.FLOAT, [None, 2])],
    [onnx.helper.make_tensor_value_info("variable", onnx.TensorProto.FLOAT, [None, 1])],
    [onnx.numpy_helper.from_array(first, "first"), onnx.numpy_helper.from_array(second, "second")],
)
# Of versions that every ONNX Runtime of today opens.
model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9)

experiment = mlflow.create_experiment("large", artifact_location="s3://models/large")
with mlflow.start_run(experiment_id=experiment) as active:
    mlflow.log_text("why", "notes.txt")
    mlflow.onnx.log_model(model, name="model", registered_model_name="churn", pip_requirements=["onnx"])
version = max(int(one.version) for one in client.search_model_versions("name = 'churn'"))
client.set_registered_model_alias("churn", "champion", version)

# The client has put all of it into the store, and reads it from there.
store = boto3.client("s3", endpoint_url=os.environ["MLFLOW_S3_ENDPOINT_URL"])
sizes = {one["Key"]: one["Size"] for one in store.list_objects_v2(Bucket="models", Prefix="large/")["Contents"]}
assert sum(size for key, size in sizes.items() if ".onnx" in key or ".data" in key) > 240_000, sizes
assert any(key.endswith(active.info.run_id + "/artifacts/notes.txt") for key in sizes), sizes
assert client.get_run(active.info.run_id).info.artifact_uri.startswith("s3://models/large/")
loaded = mlflow.artifacts.download_artifacts("models:/churn@champion", dst_path="loaded")
session = onnxruntime.InferenceSession(os.path.join(loaded, "model.onnx"))
rows = numpy.array([[amount, 1] for amount in range(20)], dtype=numpy.float32)
with open("scores.json", "w") as file:
    json.dump(session.run(["variable"], {"X": rows})[0].ravel().tolist(), file)

print(f"MLflow {mlflow.__version__} made version {version} champion")
