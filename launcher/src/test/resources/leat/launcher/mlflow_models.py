"""Logs, registers, finds, loads and deletes models and artifacts with MLflow's own client, and checks what comes
back. Leaves the bytes of the model that the alias means in model.onnx."""

import hashlib
import os
import random

import mlflow
import mlflow.onnx
import numpy
import onnx
import onnx.numpy_helper
import requests
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

client = MlflowClient()
MAJOR = int(mlflow.__version__.split(".")[0])


def refused(code, call):
    try:
        call()
    except MlflowException as e:
        assert e.error_code == code, f"{e.error_code} instead of {code}: {e.message}"
        return e.message
    raise AssertionError(f"was not refused with {code}")


def written(path, size, seed):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as file:
        file.write(random.Random(seed).randbytes(size))
    return path


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def linear(seed):
    """A model of 300 kB in ONNX: a product with a matrix of random numbers."""
    weights = numpy.random.default_rng(seed).normal(size=(4, 20_000)).astype(numpy.float32)
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("MatMul", ["features", "weights"], ["scores"])],
        "linear",
        [onnx.helper.make_tensor_value_info("features", onnx.TensorProto.FLOAT, [None, 4])],
        [onnx.helper.make_tensor_value_info("scores", onnx.TensorProto.FLOAT, [None, 20_000])],
        [onnx.numpy_helper.from_array(weights, "weights")],
    )
    # Of versions that every ONNX Runtime of today opens.
    opsets = [onnx.helper.make_opsetid("", 17)]
    return onnx.helper.make_model(graph, opset_imports=opsets, ir_version=9)


# Artifacts of a run, one of 20 MB.
mlflow.set_experiment("models")
big = written("big.bin", 20_000_000, 2)
with mlflow.start_run() as active:
    mlflow.log_artifact(big, artifact_path="data")
    mlflow.log_text("größe", "notes/größe & more.txt")
    mlflow.log_dict({"a": [1, 2]}, "notes/a.json")
run_id = active.info.run_id
assert {(f.path, f.is_dir) for f in client.list_artifacts(run_id)} == {("data", True), ("notes", True)}
assert {(f.path, f.file_size) for f in client.list_artifacts(run_id, "data")} == {("data/big.bin", 20_000_000)}
down = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="data/big.bin", dst_path="down")
assert digest(down) == digest(big), down
folder = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="notes", dst_path="down")
assert sorted(os.listdir(folder)) == ["a.json", "größe & more.txt"], os.listdir(folder)
assert mlflow.artifacts.load_text(f"runs:/{run_id}/notes/größe & more.txt") == "größe"
assert mlflow.artifacts.load_dict(f"runs:/{run_id}/notes/a.json") == {"a": [1, 2]}

# A model that is logged and registered, twice.
for version in (1, 2):
    with mlflow.start_run() as active:
        logged = mlflow.onnx.log_model(
            linear(version),
            registered_model_name="cars",
            pip_requirements=["onnx"],
            save_as_external_data=False,
            **({"artifact_path": "model"} if MAJOR == 2 else {"name": "model"}),
        )
        mlflow.log_metric("acc", version / 2)
    run = client.get_run(active.info.run_id)
    found = client.get_model_version("cars", version)
    assert found.status == "READY" and found.run_id == run.info.run_id, found
    if MAJOR == 2:
        assert "mlflow.log-model.history" in run.data.tags, run.data.tags
    else:
        assert [o.model_id for o in run.outputs.model_outputs] == [logged.model_id], run.outputs
        assert found.source == f"models:/{logged.model_id}", found

# Aliases, and loading by them.
client.set_registered_model_alias("cars", "champion", 1)
client.set_registered_model_alias("cars", "champion", "2")
client.set_registered_model_alias("cars", "challenger", 1)
assert client.get_registered_model("cars").aliases == {"champion": "2", "challenger": "1"}
assert client.get_model_version_by_alias("cars", "champion").version in (2, "2")
for uri, version in (("models:/cars@champion", 2), ("models:/cars/1", 1), ("models:/cars/latest", 2)):
    loaded = mlflow.artifacts.download_artifacts(uri, dst_path=f"loaded{hash(uri)}")
    assert onnx.load_model(os.path.join(loaded, "model.onnx")) == linear(version), uri
    assert mlflow.onnx.load_model(uri) == linear(version), uri
onnx.save_model(linear(2), "model.onnx")
assert client.get_latest_versions("cars")[0].version in (2, "2")
refused("INVALID_PARAMETER_VALUE", lambda: client.set_registered_model_alias("cars", "latest", 1))
refused("RESOURCE_DOES_NOT_EXIST", lambda: client.set_registered_model_alias("cars", "champion", 7))
refused("RESOURCE_ALREADY_EXISTS", lambda: client.create_registered_model("cars"))
message = refused("INVALID_PARAMETER_VALUE", lambda: client.transition_model_version_stage("cars", 1, "Production"))
assert "alias" in message, message

# Tags, descriptions, search.
client.create_registered_model("vans", tags={"team": "road"}, description="none yet")
client.set_registered_model_tag("cars", "team", "fleet")
client.set_model_version_tag("cars", "1", "gate", "passed")
client.set_model_version_tag("cars", "1", "gone", "x")
client.delete_model_version_tag("cars", "1", "gone")
client.update_model_version("cars", 1, description="the first")
client.update_registered_model("vans", description="soon")
assert client.get_model_version("cars", 1).tags == {"gate": "passed"}
assert client.get_model_version("cars", 1).description == "the first"
assert [m.name for m in client.search_registered_models(order_by=["name DESC"])] == ["vans", "cars"]
assert [m.name for m in client.search_registered_models("tags.team = 'fleet'")] == ["cars"]
assert [m.name for m in client.search_registered_models("name ILIKE 'V%'")] == ["vans"]
assert [m.name for m in mlflow.search_registered_models(max_results=1)] == ["cars"]
assert [int(v.version) for v in client.search_model_versions("name = 'cars'")] == [2, 1]
assert [int(v.version) for v in client.search_model_versions("tags.gate = 'passed'")] == [1]
assert [int(v.version) for v in client.search_model_versions(f"run_id = '{run.info.run_id}'")] == [2]
first = client.search_registered_models(max_results=1)
assert [m.name for m in client.search_registered_models(max_results=1, page_token=first.token)] == ["vans"]

# A version by hand, of a run's artifacts.
version = client.create_model_version("vans", f"runs:/{run_id}/data", run_id)
downloaded = mlflow.artifacts.download_artifacts(f"models:/vans/{version.version}", dst_path="vans")
assert digest(os.path.join(downloaded, "big.bin")) == digest(big)

if MAJOR == 3:
    models = mlflow.search_logged_models(output_format="list")
    assert {m.name for m in models} == {"model"} and len(models) == 2, models
    last = client.get_logged_model(logged.model_id)
    assert str(last.status) == "READY" and last.source_run_id == run.info.run_id, last
    client.set_logged_model_tags(last.model_id, {"a": "b", "c/d": "e"})
    client.delete_logged_model_tag(last.model_id, "a")
    assert client.get_logged_model(last.model_id).tags.get("c/d") == "e"
    client.log_model_params(last.model_id, {"depth": "3"})
    found = client.search_logged_models(
        [last.experiment_id],
        filter_string="params.depth = '3'",
        order_by=[{"field_name": "creation_time", "ascending": False}],
    )
    assert [m.model_id for m in found] == [last.model_id], found
    made = mlflow.create_external_model(name="outside", params={"x": "y"})
    cars = mlflow.data.from_numpy(numpy.zeros((3, 2)), name="cars")
    with mlflow.start_run() as active:
        mlflow.log_metric("acc", 0.75, model_id=made.model_id, dataset=cars)
        mlflow.log_metrics({"acc": 0.5, "loss": 2}, model_id=made.model_id)
    measured = {(m.key, m.dataset_name): m for m in client.get_logged_model(made.model_id).metrics}
    assert set(measured) == {("acc", "cars"), ("acc", None), ("loss", None)}, measured
    on_cars = measured["acc", "cars"]
    assert (on_cars.value, on_cars.run_id, on_cars.model_id) == (0.75, active.info.run_id, made.model_id), on_cars
    assert on_cars.dataset_digest == cars.digest, on_cars
    assert client.get_run(active.info.run_id).data.metrics == {"acc": 0.5, "loss": 2}
    for wanted, expected in ((0.7, [made.model_id]), (0.8, [])):
        found = client.search_logged_models(
            [made.experiment_id],
            filter_string=f"metrics.acc > {wanted}",
            datasets=[{"dataset_name": "cars", "dataset_digest": cars.digest}],
            order_by=[{"field_name": "metrics.acc", "dataset_name": "cars", "ascending": False}],
        )
        assert [m.model_id for m in found] == expected, found
    client.delete_logged_model(made.model_id)
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_logged_model(made.model_id))

# Deletions.
client.delete_registered_model_alias("cars", "challenger")
client.delete_model_version("cars", 1)
refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_model_version("cars", 1))
client.rename_registered_model("vans", "trucks")
refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_registered_model("vans"))
client.delete_registered_model("trucks")
assert [m.name for m in client.search_registered_models()] == ["cars"]
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

get_artifact_repository(client.get_run(run_id).info.artifact_uri).delete_artifacts("data")
assert {f.path for f in client.list_artifacts(run_id)} == {"notes"}

# New weights alone: a version whose base has the graph.
other = onnx.numpy_helper.to_array(linear(3).graph.initializer[0])
numpy.savez("weights.npz", weights=numpy.asfortranarray(other))
with mlflow.start_run() as active:
    mlflow.log_artifact("weights.npz", artifact_path="tuned")
source = f"runs:/{active.info.run_id}/tuned"
tuned = client.create_model_version("cars", source, active.info.run_id, tags={"leat.base": "2"})
assert int(tuned.version) == 3, tuned
features = numpy.array([[0.5, -1, 2, 3]], dtype=numpy.float32)
tensor = {"name": "features", "datatype": "FP32", "shape": [1, 4], "data": features.ravel().tolist()}
answer = requests.post(
    os.environ["MLFLOW_TRACKING_URI"] + "/v2/models/cars/versions/3/infer", json={"inputs": [tensor]}
)
assert answer.status_code == 200, answer.text
scores = numpy.array(answer.json()["outputs"][0]["data"], dtype=numpy.float32)
assert numpy.abs(scores - (features @ other)[0]).max() < 1e-4, scores
message = refused("INVALID_PARAMETER_VALUE", lambda: client.delete_model_version("cars", 2))
assert "cars/3" in message, message
refused("INVALID_PARAMETER_VALUE", lambda: client.set_model_version_tag("cars", "3", "leat.base", "3"))
refused(
    "RESOURCE_DOES_NOT_EXIST",
    lambda: client.create_model_version("cars", source, tags={"leat.base": "9"}),
)

print(f"MLflow {mlflow.__version__} found everything as it should be")
