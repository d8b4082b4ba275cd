"""Workers: the results in order, in this process or in others; an item that kills its process costs only itself."""

import os
from collections.abc import Iterable, Iterator

import pytest
from fakes import SerialWorkers

from syndicate.adapters.workers import ProcessWorkers
from syndicate.ports import Workers

LAST = 40


def double(number: int) -> int:
    return number * 2


def double_or_die(number: int) -> int:
    if number % 13 == 7:
        os._exit(9)
    return number * 2


def told(number: int) -> int:
    return -number


def fail(number: int) -> int:
    raise LookupError(number)


@pytest.fixture(params=["memory", "processes"])
def workers(request: pytest.FixtureRequest) -> Workers:
    return SerialWorkers() if request.param == "memory" else ProcessWorkers(2)


@pytest.mark.parametrize("parallel", [True, False])
def test_results_come_in_the_order_of_the_items(workers: Workers, parallel: bool) -> None:
    results = workers.map(double, range(LAST), died=told, parallel=parallel)
    assert list(results) == [number * 2 for number in range(LAST)]


def test_no_items_give_no_results(workers: Workers) -> None:
    assert list(workers.map(double, [], died=told)) == []


def test_an_error_of_the_function_is_the_callers(workers: Workers) -> None:
    with pytest.raises(LookupError):
        list(workers.map(fail, [1, 2], died=told))


def test_what_is_to_be_done_meanwhile_is_done_once(workers: Workers) -> None:
    calls: list[int] = []
    results = workers.map(double, range(LAST), died=told, meanwhile=lambda: calls.append(1))
    assert (len(list(results)), calls) == (LAST, [1])


def test_items_that_kill_their_process_get_the_result_for_that_and_the_others_their_own() -> None:
    results = ProcessWorkers(2).map(double_or_die, range(LAST), died=told)
    assert list(results) == [-number if number % 13 == 7 else number * 2 for number in range(LAST)]


def test_items_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    results: Iterable[int] = ProcessWorkers(2).map(double, items(), died=told)
    iterator = iter(results)
    assert next(iterator) == 0
    assert len(taken) < 50
