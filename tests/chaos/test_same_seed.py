"""A seed decides everything that happens: a run that failed can be had again."""

from tests.chaos.run import Run
from tests.chaos.sizes import SIZES, chosen_seed
from tests.chaos.workers import Nursery
from tests.e2e.conftest import Site


def test_the_same_seed_gives_the_same_run(site: Site, nursery: Nursery) -> None:
    histories = [_history(site, chosen_seed() + 1, nursery) for _ in range(2)]

    assert len(histories[0]) > 100
    assert histories[1] == histories[0]


def _history(site: Site, seed: int, nursery: Nursery) -> list[str]:
    run = Run(site, SIZES["tiny"], seed, nursery)
    run.accept()
    with run.deliveries():
        run.deliver()
    return run.history
