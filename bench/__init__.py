"""Measured as it is run: with one BLAS thread a call, as `bot.__main__` sets it before numpy is loaded."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
