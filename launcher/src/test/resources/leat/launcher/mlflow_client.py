"""Logs, searches and changes experiments, runs and their datasets with MLflow's own client, and checks what comes
back."""

import math

import mlflow
import mlflow.data
import mlflow.sklearn
import numpy
import pandas
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException
from sklearn.linear_model import LogisticRegression

client = MlflowClient()
MAJOR = int(mlflow.__version__.split(".")[0])


def refused(code, call):
    try:
        call()
    except MlflowException as e:
        assert e.error_code == code, f"{e.error_code} instead of {code}: {e.message}"
        return e.message
    raise AssertionError(f"was not refused with {code}")


# A training script as people write them.
experiment = mlflow.set_experiment("cars")
assert experiment.name == "cars" and experiment.lifecycle_stage == "active"
with mlflow.start_run(run_name="fast", tags={"team": "fleet"}) as active:
    mlflow.log_param("depth", 3)
    mlflow.log_params({"rate": 0.1, "model": "xgboost"})
    for step in range(5):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    mlflow.log_metrics({"acc": 0.9, "val loss": 0.4})
    mlflow.log_metric("broken", math.nan)
    mlflow.log_metric("endless", math.inf)
    mlflow.set_tag("phase", "one")
run = client.get_run(active.info.run_id)
assert run.info.status == "FINISHED" and run.info.run_name == "fast", run.info
assert run.info.start_time > 0 and run.info.end_time >= run.info.start_time, run.info
assert run.data.params == {"depth": "3", "rate": "0.1", "model": "xgboost"}, run.data.params
assert run.data.metrics["loss"] == 0.2 and run.data.metrics["endless"] > 1e308
assert math.isnan(run.data.metrics["broken"])
assert run.data.tags["team"] == "fleet" and run.data.tags["mlflow.runName"] == "fast"
assert [(m.step, m.value) for m in client.get_metric_history(run.info.run_id, "loss")] == [
    (step, 1 / (step + 1)) for step in range(5)
]

# A run that failed.
try:
    with mlflow.start_run(run_name="slow") as failing:
        mlflow.log_metric("acc", 0.5)
        raise ValueError("out of data")
except ValueError:
    pass
assert client.get_run(failing.info.run_id).info.status == "FAILED"

# Batches: a thousand at once, twice.
big = client.create_run(experiment.experiment_id, start_time=1).info.run_id
points = [Metric("m", i / 7, 1_000 + i, i) for i in range(1_000)]
client.log_batch(big, metrics=points)
client.log_batch(big, metrics=points)
client.log_batch(
    big,
    metrics=[Metric(f"k{i}", i, 1, 0) for i in range(800)],
    params=[Param(f"p{i}", "v") for i in range(100)],
    tags=[RunTag(f"t{i}", "v") for i in range(100)],
)
read = client.get_run(big)
assert len(read.data.metrics) == 801 and len(read.data.params) == 100, len(read.data.metrics)
assert [m.value for m in client.get_metric_history(big, "m")] == [i / 7 for i in range(1_000)]
client.log_batch(big, metrics=[Metric("more", i, 1, i) for i in range(2_500)])
assert len(client.get_metric_history(big, "more")) == 2_500
refused("INVALID_PARAMETER_VALUE", lambda: client.log_metric(big, "loss%", 1))

# Search.
ids = [experiment.experiment_id]


def names(filter_string="", order_by=None, view=ViewType.ACTIVE_ONLY):
    found = client.search_runs(ids, filter_string, run_view_type=view, order_by=order_by)
    return [r.data.tags["mlflow.runName"] for r in found]


unnamed = read.info.run_name
assert names() == ["slow", "fast", unnamed], names()
assert names("metrics.acc > 0.6 AND params.model LIKE 'xgb%'") == ["fast"]
assert names("tags.team = 'fleet' and attributes.status = 'FINISHED'") == ["fast"]
assert names("metrics.`val loss` < 0.5") == ["fast"]
assert names(f"run_id IN ('{big}')") == [unnamed]
assert names(order_by=["metrics.acc ASC"]) == ["slow", "fast", unnamed]
assert names(order_by=["metrics.acc DESC"]) == ["fast", "slow", unnamed]
assert names(order_by=["attributes.start_time ASC"]) == [unnamed, "fast", "slow"]
first = client.search_runs(ids, max_results=2)
rest = client.search_runs(ids, max_results=2, page_token=first.token)
assert len(first) == 2 and len(rest) == 1 and not rest.token, (len(first), len(rest), rest.token)
refused("INVALID_PARAMETER_VALUE", lambda: names("metrics.acc > 'x'"))

# Changes.
client.update_run(big, status="KILLED", name="killed")
assert client.get_run(big).info.run_name == "killed" and client.get_run(big).info.status == "KILLED"
client.delete_tag(big, "t0")
assert "t0" not in client.get_run(big).data.tags
refused("RESOURCE_DOES_NOT_EXIST", lambda: client.delete_tag(big, "t0"))
client.delete_run(big)
assert names() == ["slow", "fast"] and names(view=ViewType.DELETED_ONLY) == ["killed"]
client.restore_run(big)
assert "killed" in names()
refused("INVALID_PARAMETER_VALUE", lambda: client.log_param(run.info.run_id, "depth", 4))

# Experiments.
other = client.create_experiment("trucks", tags={"team": "road"})
client.set_experiment_tag(other, "phase", "two")
assert client.get_experiment(other).tags == {"team": "road", "phase": "two"}
client.rename_experiment(other, "vans")
assert client.get_experiment_by_name("trucks") is None
assert client.get_experiment_by_name("vans").experiment_id == other
refused("RESOURCE_ALREADY_EXISTS", lambda: client.create_experiment("cars"))
found = client.search_experiments(filter_string="name LIKE 'c%'")
assert [e.name for e in found] == ["cars"], found
assert {e.name for e in client.search_experiments()} == {"vans", "cars", "Default"}
assert client.search_experiments(filter_string="tags.team = 'road'")[0].experiment_id == other
client.delete_experiment(other)
assert client.get_experiment(other).lifecycle_stage == "deleted"
client.restore_experiment(other)
assert client.get_experiment(other).lifecycle_stage == "active"
refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_experiment("404"))
refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_run("0" * 32))

# Datasets that runs have read.
ids = [mlflow.set_experiment("datasets").experiment_id]
table = pandas.DataFrame({"speed": [1.0, 2.0, 3.0, 4.0], "größe": [4, 3, 2, 1], "fast": [0, 0, 1, 1]})
cars = mlflow.data.from_pandas(table, source="https://example.com/cars.csv", targets="fast", name="cars/2026")
unnamed = mlflow.data.from_numpy(numpy.zeros((3, 2)))
with mlflow.start_run(run_name="reader") as active:
    mlflow.log_input(cars, context="training", tags={"rows": "all"})
    mlflow.log_input(unnamed, context="test")
    mlflow.log_input(cars, context="training")
read = {i.dataset.name: i for i in client.get_run(active.info.run_id).inputs.dataset_inputs}
assert set(read) == {"cars/2026", "dataset"}, read
described = read["cars/2026"].dataset
assert vars(described) == vars(cars._to_mlflow_entity()), vars(described)
assert mlflow.data.get_source(described).url == "https://example.com/cars.csv"
assert {t.key: t.value for t in read["cars/2026"].tags} == {"mlflow.data.context": "training", "rows": "all"}
assert vars(read["dataset"].dataset) == vars(unnamed._to_mlflow_entity()), read
found = client.search_runs(ids, "datasets.name LIKE 'cars/%' AND dataset.context IN ('training')")
assert [len(r.inputs.dataset_inputs) for r in found] == [2], found
assert names(f"datasets.digest = '{cars.digest}'") == ["reader"] and names("datasets.context = 'eval'") == []

# A training of scikit-learn that logs itself.
mlflow.sklearn.autolog(serialization_format="cloudpickle")
with mlflow.start_run(run_name="learner") as active:
    LogisticRegression().fit(table[["speed"]], table["fast"])
mlflow.sklearn.autolog(disable=True)
learner = client.get_run(active.info.run_id)
assert learner.info.status == "FINISHED" and learner.data.params["C"] == "1.0", learner.data
assert learner.data.metrics["training_accuracy_score"] == 1, learner.data
assert [t.value for i in learner.inputs.dataset_inputs for t in i.tags] == ["train"], learner.inputs
if MAJOR == 3:
    model = client.get_logged_model(learner.outputs.model_outputs[0].model_id)
    on = learner.inputs.dataset_inputs[0].dataset
    measured = {m.key: (m.value, m.run_id, m.dataset_name, m.dataset_digest) for m in model.metrics}
    assert measured["training_accuracy_score"] == (1, learner.info.run_id, on.name, on.digest), measured
assert names("datasets.context = 'train' AND metrics.training_accuracy_score > 0.9") == ["learner"]

print(f"MLflow {mlflow.__version__} found everything as it should be")
