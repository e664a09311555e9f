"""Numbers over time, in one line of text."""

from collections.abc import Sequence
from itertools import batched

_BARS = "▁▂▃▄▅▆▇█"
_WIDTH = 60


def sparkline(numbers: Sequence[float | None], *, width: int = _WIDTH) -> str:
    """Return a bar for each number, or for so many together that there are no more than `width`.

    Nothing is the lowest bar, the largest the highest. What is no number is left blank.
    """
    together = max(1, -(-len(numbers) // width))
    groups = [[number for number in group if number is not None] for group in batched(numbers, together, strict=False)]
    heights = [sum(group) / len(group) if group else None for group in groups]
    highest = max((height for height in heights if height is not None), default=0)
    return "".join(_bar(height, highest) for height in heights)


def _bar(height: float | None, highest: float) -> str:
    if height is None:
        return " "
    if not highest or not height:
        return _BARS[0]
    # What is there at all is told apart from nothing.
    return _BARS[max(1, round(height / highest * (len(_BARS) - 1)))]
