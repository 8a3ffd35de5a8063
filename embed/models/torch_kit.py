"""What every network on torch shares: loading, a device, batches, and the identity of its weights.

    torch_module()   torch, with one thread a call, because the callers have the threads; or one sentence
    Tower            a network on its device: planes in, rows out
    weights_sha256   the weights, not the file: a tag that is fetched and the same file on disk make one space

On CUDA networks run in bfloat16, which is another precision and so another space of embeddings.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import batched
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import EnvironmentTrouble
from core.extras import pip_install
from core.looks import EmbedderSpec
from core.types import Vectors
from embed.models.recipe import Floats, Recipe
from embed.models.vectors import unit

BATCH = 8
"""Pictures a call: more gains nothing on a CPU and costs memory."""


def torch_module(needed_for: str) -> Any:
    """Return the package torch; raises EnvironmentTrouble where it is missing or can't be loaded."""
    try:
        import torch
    except ImportError:
        raise EnvironmentTrouble(
            f"{needed_for} needs torch, which is not installed: run `{pip_install('clip')}`."
        ) from None
    torch.set_num_threads(1)
    return torch


@contextmanager
def told(what: str, done: str = "loaded") -> Iterator[None]:
    """Turn whatever a loader raises into one sentence that names what could not be loaded."""
    try:
        yield
    except EnvironmentTrouble:
        raise
    except Exception as error:  # loaders raise KeyError, RuntimeError, UnpicklingError, OSError and their own
        why = str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
        raise EnvironmentTrouble(f"{what} can't be {done}: {why}.") from error


class Tower:
    """A network that makes rows of batches; thread-safe, because it is only read."""

    def __init__(self, torch: Any, network: Any, forward: Callable[[Any], Any] | None = None) -> None:
        self._torch = torch
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        loaded = network.to(self.device).eval()
        self._forward = forward or loaded

    def spec(self, name: str, sha256: str, dim: int, recipe: Recipe) -> EmbedderSpec:
        """Return what its embeddings are; those of another device or major version of torch may differ."""
        return EmbedderSpec(
            name=name,
            model_sha256=sha256,
            dim=dim,
            input_size=recipe.size,
            resize=recipe.says,
            runtime="torch-" + str(self._torch.__version__).partition(".")[0],
            precision="bf16" if self.device == "cuda" else "fp32",
            floor=recipe.floor,
            mirror_invariant=recipe.mirror_invariant,
        )

    def rows(self, inputs: Sequence[Floats], dim: int) -> Vectors:
        """Return rows [n, dim] of length 1 for pictures [3, size, size]."""
        batches = [self._batch(np.stack(some)) for some in batched(inputs, BATCH)]
        return unit(np.concatenate(batches)) if batches else np.empty((0, dim), np.float32)

    def _batch(self, planes: Any) -> Vectors:
        return self.run(self._torch.from_numpy(planes))

    def run(self, tensor: Any) -> Vectors:
        """Return the rows [n, dim] of one batch, as the network gives them."""
        torch = self._torch
        with torch.inference_mode(), torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda"):
            rows: Vectors = self._forward(tensor.to(self.device)).float().cpu().numpy()
        return rows


def weights_sha256(network: Any, *more: object) -> str:
    """Return a digest of all weights by name, and of whatever else makes a difference."""
    digest = hashlib.sha256(repr(more).encode())
    for name, weights in sorted(network.state_dict().items()):
        digest.update(name.encode())
        digest.update(weights.detach().cpu().contiguous().view(-1).numpy().tobytes())
    return digest.hexdigest()


def local_file(where: str) -> Path | None:
    """Return the file that `where` names; None where it is no path but the tag of published weights.

    Raises EnvironmentTrouble for what looks like a path and is no file.
    """
    path = Path(where).expanduser()
    if path.is_file():
        return path
    if "/" in where or path.suffix in (".pt", ".pth", ".bin", ".safetensors", ".npz"):
        raise EnvironmentTrouble(f"There is no model file '{where}'.")
    return None
