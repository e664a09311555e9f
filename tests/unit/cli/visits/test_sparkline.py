import pytest

from cli.visits.sparkline import sparkline


@pytest.mark.parametrize(
    ("numbers", "line"),
    [
        ([], ""),
        ([0, 0], "▁▁"),
        ([0, 1, 7], "▁▂█"),
        ([1, 1_000_000], "▂█"),
        ([None, 0.5, 1.0], " ▅█"),
    ],
)
def test_numbers_are_bars_up_to_the_largest(numbers: list[float | None], line: str) -> None:
    assert sparkline(numbers) == line


@pytest.mark.parametrize("count", [1, 59, 60, 61, 744])
def test_a_line_has_no_more_bars_than_fit(count: int) -> None:
    assert len(sparkline([1] * count)) == min(count, -(-count // -(-count // 60)))
