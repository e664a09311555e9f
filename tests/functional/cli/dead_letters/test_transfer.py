import json
import stat
from pathlib import Path
from typing import Any

import pytest

from cli.dead_letters.errors import RefusedError, TransferError
from cli.dead_letters.transfer import checked, export, import_
from tests.functional.cli.dead_letters.queueing import STORE, Desk, event, numbers, undelivered


def write(desk: Desk, file: Path, name: str = STORE) -> int:
    return export(desk.sqs, desk.queue(name), file, desk.depth(name), lambda _: None)


def read(desk: Desk, file: Path, name: str = STORE) -> int:
    count = checked(file)
    import_(desk.sqs, desk.queue(name), file, lambda _: None)
    return count


def test_what_is_exported_can_be_imported(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "letters.jsonl"
    attributes = {**undelivered(), "own": {"DataType": "Binary.png", "BinaryValue": b"\x00\xff"}}
    for number in range(23):
        desk.put(event(number), attributes, "undelivered")

    written = write(desk, file, "undelivered")
    still_there = desk.left("undelivered")
    put_back = read(desk, file, "undelivered")
    imported = desk.left("undelivered")

    assert (written, put_back) == (23, 23)
    assert numbers(still_there) == numbers(imported) == list(range(23))
    assert imported[0]["MessageAttributes"] == still_there[0]["MessageAttributes"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_after_an_export_nothing_is_hidden(desk: Desk, tmp_path: Path) -> None:
    desk.fill(12)

    write(desk, tmp_path / "letters.jsonl")

    assert (desk.depth().visible, desk.depth().hidden) == (12, 0)


def test_a_file_is_not_overwritten(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "letters.jsonl"
    file.write_text("mine")

    with pytest.raises(TransferError, match="exists"):
        write(desk, file)

    assert file.read_text() == "mine"


def test_an_interrupted_export_leaves_no_file(desk: Desk, tmp_path: Path) -> None:
    desk.fill(12)

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(desk.sqs, desk.queue(), tmp_path / "letters.jsonl", desk.depth(), interrupted)

    assert list(tmp_path.iterdir()) == []
    assert desk.depth().visible == 12


def test_a_folder_that_does_not_exist_is_told(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(TransferError, match="No such file"):
        write(desk, tmp_path / "missing" / "letters.jsonl")
    with pytest.raises(TransferError, match="No such file"):
        read(desk, tmp_path / "letters.jsonl")


@pytest.mark.parametrize(
    "line",
    [
        "junk", "7", "[]", "{}", '{"body": ""}', '{"body": 7}', '{"body": "x", "attributes": []}',
        '{"body": "x", "attributes": {"a": "b"}}', '{"body": "x", "attributes": {"a": {"DataType": "String"}}}',
        '{"body": "x", "attributes": {"a": {"DataType": "Binary", "BinaryValue": "%"}}}',
        '{"body": "x", "trace_header": 7}', "",
    ],
)  # fmt: skip
def test_a_file_with_a_bad_line_is_refused_as_a_whole(desk: Desk, tmp_path: Path, line: str) -> None:
    file = tmp_path / "letters.jsonl"
    file.write_text(f'{{"body": "good"}}\n{line}\n')

    with pytest.raises(TransferError, match="line 2: this is not a message"):
        read(desk, file)

    assert desk.depth().total == 0


def test_a_file_that_is_no_text_is_told(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "letters.jsonl"
    file.write_bytes(b"\xff\xfe")

    with pytest.raises(TransferError, match="not a text file"):
        read(desk, file)


def test_what_sqs_does_not_take_is_told_by_its_line(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "letters.jsonl"
    file.write_text("".join(f"{json.dumps({'body': f'letter {number}'})}\n" for number in range(1, 15)))

    def refuses_the_twelfth(real: Any, **request: Any) -> Any:
        bad = [entry for entry in request["Entries"] if entry["MessageBody"] == "letter 12"]
        good = [entry for entry in request["Entries"] if entry not in bad]
        failed = [{"Id": entry["Id"], "Code": "TooLong", "SenderFault": True} for entry in bad]
        return {**real(QueueUrl=request["QueueUrl"], Entries=good), "Failed": failed}

    with (
        desk.instead("send_message_batch", refuses_the_twelfth),
        pytest.raises(RefusedError, match="did not take 1 of 14 messages; the first is line 12: TooLong"),
    ):
        read(desk, file)

    assert desk.depth().total == 13
