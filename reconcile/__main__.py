"""Starts the command line: `python -m reconcile` and the command `reconcile`."""

from reconcile.cli import main

if __name__ == "__main__":
    main()
