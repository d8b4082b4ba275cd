"""One suite for every Workers: the fake that the services are tested with, and real processes."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from fakes import SerialWorkers, WorkerDied

from syndicate.adapters.workers import ProcessWorkers
from syndicate.ports import Workers

# Items that a worker does not survive.
DEADLY = 13


def square(number: int) -> int:
    return number * number


def dies_for_real(number: int) -> int:
    if number == DEADLY:
        os._exit(1)
    return number * number


def dies_in_memory(number: int) -> int:
    if number == DEADLY:
        raise WorkerDied
    return number * number


def fails(number: int) -> int:
    if number == 3:
        raise ValueError("no threes")
    return number


def process_of(number: int) -> int:
    return os.getpid()


def no_result(number: int) -> int:
    return -number


def unexpected(number: int) -> int:
    raise AssertionError(f"{number} killed a worker")


@pytest.fixture(params=["fake", "processes"])
def workers(request: pytest.FixtureRequest) -> Workers:
    return SerialWorkers() if request.param == "fake" else ProcessWorkers(2)


@pytest.fixture
def deadly(workers: Workers) -> Callable[[int], int]:
    return dies_in_memory if isinstance(workers, SerialWorkers) else dies_for_real


@pytest.mark.parametrize("parallel", [True, False])
@pytest.mark.parametrize("count", [0, 1, 7, 100])
def test_results_come_in_the_order_of_the_items(workers: Workers, count: int, parallel: bool) -> None:
    results = workers.map(square, range(count), died=unexpected, parallel=parallel)
    assert list(results) == [number * number for number in range(count)]


@pytest.mark.parametrize("items", [[DEADLY], [1, DEADLY], [DEADLY, 1], list(range(20)), [DEADLY, DEADLY, 2, DEADLY]])
def test_an_item_that_kills_its_worker_has_the_result_for_that_and_its_neighbours_theirs(
    workers: Workers, deadly: Callable[[int], int], items: list[int]
) -> None:
    results = list(workers.map(deadly, items, died=no_result))
    assert results == [-number if number == DEADLY else number * number for number in items]


@pytest.mark.parametrize("parallel", [True, False])
def test_an_error_of_the_function_is_the_callers(workers: Workers, parallel: bool) -> None:
    with pytest.raises(ValueError, match=r"^no threes$"):
        list(workers.map(fails, range(6), died=no_result, parallel=parallel))


def test_items_are_taken_as_they_are_needed(workers: Workers) -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    results = workers.map(square, items(), died=unexpected)
    assert [next(results) for _ in range(3)] == [0, 1, 4]
    assert len(taken) < 50
    assert len(list(results)) == 997


@pytest.mark.parametrize(("parallel", "calls"), [(True, 1), (False, 0)])
def test_what_can_be_done_meanwhile_is_done_once_while_there_is_a_wait(
    workers: Workers, parallel: bool, calls: int
) -> None:
    done: list[str] = []
    results = workers.map(square, range(9), died=unexpected, parallel=parallel, meanwhile=lambda: done.append("x"))
    assert list(results) == [number * number for number in range(9)]
    assert len(done) == calls


def test_a_function_may_carry_anything_that_a_fork_takes_along(workers: Workers) -> None:
    known = {number: str(number) for number in range(5)}
    assert list(workers.map(lambda number: known[number], range(5), died=lambda number: "")) == [
        "0",
        "1",
        "2",
        "3",
        "4",
    ]


BUSY = """
import time
from syndicate.adapters.workers import ProcessWorkers

def work(number):
    print("at work", flush=True)
    time.sleep(600)

list(ProcessWorkers(2).map(work, range(9), died=abs))
"""


class TestProcesses:
    """What only processes can show."""

    def test_many_items_are_done_elsewhere_and_few_here(self) -> None:
        assert os.getpid() not in set(ProcessWorkers(2).map(process_of, range(8), died=unexpected))
        assert set(ProcessWorkers(2).map(process_of, range(8), died=unexpected, parallel=False)) == {os.getpid()}

    def test_work_that_is_broken_off_leaves_no_process(self) -> None:
        results = ProcessWorkers(2).map(square, range(1000), died=unexpected)
        assert next(results) == 0
        results.close()  # type: ignore[attr-defined]
        assert list(ProcessWorkers(2).map(square, range(3), died=unexpected)) == [0, 1, 4]

    @pytest.mark.skipif(sys.platform != "linux", reason="a script without a file of its own starts by fork only")
    def test_workers_end_with_a_parent_that_is_killed(self) -> None:
        with subprocess.Popen([sys.executable, "-c", BUSY], stdout=subprocess.PIPE) as parent:
            assert parent.stdout
            assert b"at work" in parent.stdout.readline()  # two may say it at once
            parent.kill()
            parent.communicate(timeout=60)  # ends when the last of those who may write to it has gone
