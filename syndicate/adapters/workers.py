"""Worker processes: a pure function over many items, on all cores where that pays.

A parser written in C can be made to overflow its stack, and that ends a process: here it ends a
worker. The items that were under way are then tried again, each in a worker of its own, and the one
that kills it gets the result that its caller has for that. A worker whose parent is killed ends
too: it would wait for items for ever.
"""

import gc
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future
    from multiprocessing.context import BaseContext

Item = TypeVar("Item")
Result = TypeVar("Result")

# How many items are under way for each worker: bounds memory, keeps all of them busy, also while the
# caller does something else for half a second.
_AHEAD = 20

_function: Callable[[Any], Any] | None = None


class ProcessWorkers:
    """Runs a function in as many processes as the machine lends; in this one if the items are few."""

    def __init__(self, processes: int | None = None) -> None:
        self.processes = processes or _cores()

    def map(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        *,
        died: Callable[[Item], Result],
        parallel: bool = True,
        meanwhile: Callable[[], None] | None = None,
    ) -> Iterator[Result]:
        """Yield the results in the order of the items, which are taken only as they are needed.

        The items of a sequence don't travel where workers are made by a fork: they have it already.
        """
        if not parallel:
            yield from map(function, items)
        elif isinstance(items, Sequence) and _forks():
            at: Callable[[int], Item] = items.__getitem__
            numbers = range(len(items))
            yield from self._map(partial(_at, function, items), numbers, lambda number: died(at(number)), meanwhile)
        else:
            yield from self._map(function, items, died, meanwhile)

    def _map(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        died: Callable[[Item], Result],
        meanwhile: Callable[[], None] | None,
    ) -> Iterator[Result]:
        from concurrent.futures.process import BrokenProcessPool

        rest = iter(items)
        for first in rest:
            waiting: deque[tuple[Item, Future[Result]]] = deque()
            try:
                yield from self._run(function, chain([first], rest), waiting, self.processes, meanwhile)
            except BrokenProcessPool:
                for item, _ in list(waiting):
                    yield self._alone(function, item, died)

    def _run(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        waiting: deque[tuple[Item, "Future[Result]"]],
        processes: int,
        meanwhile: Callable[[], None] | None = None,
    ) -> Iterator[Result]:
        """Yield results in order; `waiting` holds what is under way, the next to be yielded first."""
        from concurrent.futures import ProcessPoolExecutor

        source = iter(items)
        pool = ProcessPoolExecutor(processes, _context(), initializer=_keep, initargs=(function,))
        try:
            while True:
                for item in islice(source, processes * _AHEAD - len(waiting)):
                    waiting.append((item, None))  # type: ignore[arg-type]  # noted before it can break the pool
                    waiting[-1] = (item, pool.submit(_call, item))
                if not waiting:
                    return
                if meanwhile:
                    meanwhile()
                    meanwhile = None
                result = waiting[0][1].result()
                waiting.popleft()
                yield result
        finally:
            pool.shutdown(cancel_futures=True)  # what nobody waits for any more is not begun

    def _alone(self, function: Callable[[Item], Result], item: Item, died: Callable[[Item], Result]) -> Result:
        from concurrent.futures.process import BrokenProcessPool

        try:
            return next(self._run(function, [item], deque(), 1))
        except BrokenProcessPool:
            return died(item)


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _forks() -> bool:
    """Tell whether workers are made by a fork, which shares what is loaded: where that is safe."""
    return os.name == "posix" and os.uname().sysname == "Linux"


def _context() -> "BaseContext":
    """Return fork where it is safe; elsewhere the platform's own way."""
    import multiprocessing

    return multiprocessing.get_context("fork" if _forks() else None)


def _at(function: Callable[[Item], Result], items: Sequence[Item], number: int) -> Result:
    return function(items[number])


def _keep(function: Callable[[Any], Any]) -> None:
    gc.disable()  # what a worker makes has no cycles, and looking for them un-shares the memory of the fork
    threading.Thread(target=_end_with_parent, daemon=True).start()
    global _function  # noqa: PLW0603 - once a worker, so that what the function carries travels once
    _function = function


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    if parent := parent_process():
        parent.join()
        os._exit(1)  # from a thread nothing else ends the process


def _call(item: Any) -> Any:
    if _function is None:
        raise RuntimeError("a worker got an item before its function")
    return _function(item)
