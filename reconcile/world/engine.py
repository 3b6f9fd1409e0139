"""Where the kernels run: here, one year after the other, or as futures on a Dask cluster.

Dask and not Spark, because the kernels are plain functions of a year: `Client.map` runs them unchanged,
while Spark would want them wrapped as pandas UDFs with declared schemas.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sources.errors import InputError, Problem

Task = TypeVar("Task")
Answer = TypeVar("Answer")
Map = Callable[[Callable[[Any], Any], Sequence[Any]], Iterator[Any]]
ENGINES = ["local", "dask"]
ADDRESS = "DASK_SCHEDULER_ADDRESS"


@contextmanager
def start(name: str) -> Iterator[Map]:
    """A `map` over tasks that yields answers in the order of the tasks.

    `dask` uses the cluster at DASK_SCHEDULER_ADDRESS, else a client that is already running in this
    process, else two workers on this machine.
    """
    if name == "local":
        yield lambda function, tasks: (function(task) for task in tasks)
        return
    if name != "dask":
        raise InputError(
            Problem("", "--engine", f"{name} is no engine", f"one of {', '.join(ENGINES)}")
        )
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError as error:
        raise InputError(
            Problem(
                "",
                "--engine dask",
                "distributed is not installed",
                "Install trade-reconcile[cluster].",
            )
        ) from error
    own = None
    if ADDRESS in os.environ:
        client = own = distributed.Client(os.environ[ADDRESS])
    else:
        try:
            client = distributed.get_client()
        except ValueError:
            client = own = distributed.Client(
                n_workers=2, threads_per_worker=1, dashboard_address=None
            )

    def run(function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Any]:
        futures = client.map(function, list(tasks), pure=False)
        for future in futures:
            yield future.result()

    try:
        yield run
    finally:
        if own is not None:
            own.close()
