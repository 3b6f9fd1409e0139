"""Every mirror pair of the world, and how its small systems of equations are solved: on one thread.

OpenBLAS splits systems of a few hundred unknowns among threads that then wait for each other, seventy
times longer than one thread takes; and the last bits of the answer depend on their number. The variable
works where numpy is not loaded yet, and a value that is already set is kept.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
