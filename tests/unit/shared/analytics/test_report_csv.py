import csv
import io

import pytest

from shared.analytics.report_csv import to_csv


def test_lines_are_written_under_their_columns() -> None:
    lines = [
        {"page": "/a", "pageviews": 3, "bounce_rate": 0.5},
        {"page": '/"b", c', "pageviews": 0, "bounce_rate": None},
    ]

    text = to_csv(("page", "pageviews", "bounce_rate"), lines)

    assert text == 'page,pageviews,bounce_rate\r\n/a,3,0.5\r\n"/""b"", c",0,\r\n'


def test_a_report_without_lines_has_its_columns() -> None:
    assert to_csv(("time", "visits"), []) == "time,visits\r\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_text_is_a_formula(start: str) -> None:
    value = f"{start}HYPERLINK(1)"

    ((cell,),) = list(csv.reader(io.StringIO(to_csv(("event",), [{"event": value}]), newline="")))[1:]

    assert cell == f"'{value}"
