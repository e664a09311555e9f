import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.unit.shared.analytics.parts import message, part, rollups_in
from tests.unit.shared.analytics.reference import DAY, Reference
from tests.unit.shared.analytics.tables import MemoryTable
from tests.unit.shared.analytics.workers import count_all, identifier, worker

WRITERS, VIEWS = 64, 4


def test_many_writers_of_one_counter_count_exactly(show_figure: Callable[[str], None]) -> None:
    numbers = itertools.count()
    # The table asks one after the other.
    table = MemoryTable(lambda: "conflict" if next(numbers) % 5 == 0 else None)
    parts = [part((1_000, "/", ""), visitor=f"visitor-{number:08d}") for number in range(WRITERS * VIEWS)]
    messages = [message(identifier(number), data) for number, data in enumerate(parts)]
    together = threading.Barrier(WRITERS)

    def write(number: int) -> int:
        aggregation = worker(table)
        together.wait()
        return sum(count_all(aggregation, [known]) for known in messages[number::WRITERS])

    with ThreadPoolExecutor(WRITERS) as pool:
        deliveries = sum(pool.map(write, range(WRITERS)))

    attempts = len(table.writes)
    show_figure(
        f"analytics: {WRITERS} writers, {len(messages)} page views of one page: {attempts - len(messages)} of "
        f"{attempts} transactions in each other's way, {deliveries} deliveries, exact"
    )
    assert rollups_in(table)[DAY, "page", "/"] == [WRITERS * VIEWS] * 2
    assert rollups_in(table) == Reference(parts).rollups
