"""A network on onnxruntime: one thread a call, because the runner has a thread a core."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import EnvironmentTrouble
from core.extras import pip_install
from core.types import Vectors


def session(path: Path) -> Any:
    """Return the loaded file; raises EnvironmentTrouble if it is none or the runtime is missing."""
    try:
        import onnxruntime
    except ImportError:
        raise EnvironmentTrouble(f"onnxruntime is not installed: run `{pip_install('', 'onnxruntime')}`.") from None
    if not path.is_file():
        raise EnvironmentTrouble(f"There is no model file '{path}'.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # spinning threads would fight over the cores
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has a dozen kinds, all without a common parent of their own
        raise EnvironmentTrouble(f"'{path.name}' is no ONNX file that can be loaded.") from error


def run(network: Any, path: Path, output: str, inputs: Mapping[str, Any]) -> Vectors:
    """Return one output as floats; raises EnvironmentTrouble with one sentence if the network fails."""
    try:
        (raw,) = network.run([output], dict(inputs))
    except Exception as error:  # onnxruntime has a dozen kinds, all without a common parent of their own
        why = str(error).strip().partition("\n")[0].rstrip(".")
        raise EnvironmentTrouble(f"'{path.name}' can't be run: {why}.") from error
    floats: Vectors = np.asarray(raw, np.float32)
    return floats
