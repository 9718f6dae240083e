"""Asks the model `fare` with features and `spender` by keys, with Triton's own client."""

import sys
import time

import numpy as np
import tritonclient
import tritonclient.grpc as grpc
import tritonclient.http as http
from tritonclient.utils import InferenceServerException

client = http.InferenceServerClient(url=sys.argv[1])
assert client.is_server_live()
assert client.is_server_ready()
assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
assert client.is_model_ready("fare")
assert not client.is_model_ready("nobody")
metadata = client.get_model_metadata("fare", "2")
assert metadata["inputs"] == [{"name": "X", "datatype": "FP32", "shape": [-1, 2]}], metadata
assert metadata["versions"] == ["1", "2"], metadata

rows = np.array([[2, 1], [3.5, 0]], dtype=np.float32)
for binary_in in (False, True):
    for binary_out in (False, True):
        tensor = http.InferInput("X", rows.shape, "FP32")
        tensor.set_data_from_numpy(rows, binary_data=binary_in)
        wanted = [http.InferRequestedOutput("variable", binary_data=binary_out)]
        for version in ("", "1", "champion"):
            answer = client.infer(
                "fare", [tensor], version, outputs=wanted, request_id="r7"
            )
            values = answer.as_numpy("variable")
            assert values.shape == (2, 1) and values.dtype == np.float32, values
            assert np.allclose(values, [[2], [8]], atol=1e-4), values
            response = answer.get_response()
            assert response["model_version"] == "1", response
            assert response["id"] == "r7", response
# Binary outputs without any being named.
tensor.set_data_from_numpy(rows, binary_data=True)
assert client.infer("fare", [tensor], "2").as_numpy("variable").shape == (2, 1)

wrong = http.InferInput("X", (1, 3), "FP32")
wrong.set_data_from_numpy(np.zeros((1, 3), dtype=np.float32), binary_data=True)
try:
    client.infer("fare", [wrong])
    raise AssertionError("a wrong shape was taken")
except InferenceServerException as refused:
    assert "the model takes X FP32[?, 2]" in str(refused), refused

shared = http.InferInput("X", rows.shape, "FP32")
shared.set_shared_memory("region", rows.nbytes)
try:
    client.infer("fare", [shared])
    raise AssertionError("shared memory was taken")
except InferenceServerException as refused:
    assert "shared memory is not served" in str(refused), refused

index = client.get_model_repository_index()
found = [(one["name"], one["version"], one["state"]) for one in index if one["name"] == "fare"]
assert found == [
    ("fare", "1", "READY"),
    ("fare", "2", "READY"),
], index
client.unload_model("fare")
assert not client.is_model_ready("fare")
client.load_model("fare")
assert client.is_model_ready("fare")

# Over gRPC, in raw contents, which the client always sends.
client = grpc.InferenceServerClient(url=sys.argv[2])
assert client.is_server_live() and client.is_server_ready()
assert client.is_model_ready("fare", "champion") and not client.is_model_ready("nobody")
metadata = client.get_model_metadata("fare")
assert [(one.name, one.datatype, list(one.shape)) for one in metadata.inputs] == [
    ("X", "FP32", [-1, 2])
], metadata
tensor = grpc.InferInput("X", rows.shape, "FP32")
tensor.set_data_from_numpy(rows)
for version in ("", "1", "champion"):
    answer = client.infer("fare", [tensor], version, request_id="r8")
    assert np.allclose(answer.as_numpy("variable"), [[2], [8]], atol=1e-4)
    assert answer.get_response().model_version == "1" and answer.get_response().id == "r8"
try:
    wrong = grpc.InferInput("X", (1, 3), "FP32")
    wrong.set_data_from_numpy(np.zeros((1, 3), dtype=np.float32))
    client.infer("fare", [wrong])
    raise AssertionError("a wrong shape was taken")
except InferenceServerException as refused:
    assert "the model takes X FP32[?, 2]" in str(refused), refused
    assert refused.status() == "StatusCode.INVALID_ARGUMENT", refused
shared = grpc.InferInput("X", rows.shape, "FP32")
shared.set_shared_memory("region", rows.nbytes)
try:
    client.infer("fare", [shared])
    raise AssertionError("shared memory was taken")
except InferenceServerException as refused:
    assert "shared memory is not served" in str(refused), refused
    assert refused.status() == "StatusCode.INVALID_ARGUMENT", refused
try:
    client.infer("fare", [tensor], "9")
    raise AssertionError("a version that is not there answered")
except InferenceServerException as refused:
    assert refused.status() == "StatusCode.NOT_FOUND", refused
assert ("fare", "2", "READY") in [
    (one.name, one.version, one.state) for one in client.get_model_repository_index().models
]
client.unload_model("fare")
assert not client.is_model_ready("fare")
client.load_model("fare")
assert client.is_model_ready("fare")

# And in typed contents, which other clients send.
from tritonclient.grpc import service_pb2, service_pb2_grpc
import grpc as plain

stub = service_pb2_grpc.GRPCInferenceServiceStub(plain.insecure_channel(sys.argv[2]))
request = service_pb2.ModelInferRequest(model_name="fare", id="r9")
given = request.inputs.add(name="X", datatype="FP32", shape=[1, 2])
given.contents.fp32_contents.extend([2, 1])
answer = stub.ModelInfer(request)
assert not answer.raw_output_contents, answer
assert abs(answer.outputs[0].contents.fp32_contents[0] - 2) < 1e-4, answer

# By keys of entities, whose features the server looks up: amount 7 and one order of bob's.
def texts(answer, name):
    return [
        text.decode() if isinstance(text, bytes) else text
        for text in answer.as_numpy(name).tolist()
    ]


def check(answer):
    values = answer.as_numpy("variable")
    assert values.shape == (2, 1) and values.dtype == np.float32, values
    assert abs(values[0][0] - (2 * 7 - 3 * 1 + 1)) < 1e-4 and np.isnan(values[1][0]), values
    assert texts(answer, "entity_status") == ["present", "unknown-entity"]
    assert texts(answer, "view") == ["spending.v1"] * 2
    assert texts(answer, "failure") == ["", "spending.v1 has no vector of it"]
    assert texts(answer, "query_time")[0].endswith("Z") and texts(answer, "query_time")[1] == ""


keys = np.array([["bob"], ["nobody"]], dtype=np.object_)
over_http = http.InferenceServerClient(url=sys.argv[1])
tensor = http.InferInput("customer", keys.shape, "BYTES")
tensor.set_data_from_numpy(keys, binary_data=False)
deadline = time.monotonic() + 30
while True:
    # The vector comes with the first event, the store may not be in step before.
    try:
        answer = over_http.infer("spender", [tensor])
        if texts(answer, "entity_status")[0] == "present":
            break
        state = texts(answer, "entity_status")
    except InferenceServerException as refused:
        assert refused.status() == "503", refused
        state = refused
    assert time.monotonic() < deadline, state
    time.sleep(0.05)
names = ("variable", "entity_status", "query_time", "view", "failure")
for binary_in in (False, True):
    for binary_out in (False, True):
        tensor.set_data_from_numpy(keys, binary_data=binary_in)
        wanted = [http.InferRequestedOutput(name, binary_data=binary_out) for name in names]
        check(over_http.infer("spender", [tensor], "1", outputs=wanted))
given = http.InferInput("X", rows.shape, "FP32")
given.set_data_from_numpy(rows, binary_data=True)
try:
    over_http.infer("spender", [tensor, given])
    raise AssertionError("keys and features together were taken")
except InferenceServerException as refused:
    assert "give the one or the others" in str(refused), refused
assert over_http.infer("spender", [given]).as_numpy("variable").shape == (2, 1)
tensor = grpc.InferInput("customer", keys.shape, "BYTES")
tensor.set_data_from_numpy(keys)
check(client.infer("spender", [tensor]))
request = service_pb2.ModelInferRequest(model_name="spender")
given = request.inputs.add(name="customer", datatype="BYTES", shape=[1])
given.contents.bytes_contents.append(b"bob")
answer = stub.ModelInfer(request)
assert [one.name for one in answer.outputs] == list(names), answer
assert abs(answer.outputs[0].contents.fp32_contents[0] - 12) < 1e-4, answer
assert answer.outputs[1].contents.bytes_contents[0] == b"present", answer
print("tritonclient found everything as it should be")
