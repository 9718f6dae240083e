"""Asks the model `fare` with Triton's own client, in JSON and in binary."""

import sys

import numpy as np
import tritonclient
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
print("tritonclient found everything as it should be")
