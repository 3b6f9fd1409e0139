"""Starts the command line: `python -m reconcile` and the command `reconcile`."""

import os

# Small systems are solved by the thousand: threads cost more than they give, and sums change with their number.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from reconcile.cli import main

if __name__ == "__main__":
    main()
