import base64
import hashlib
import re

from cli.tracker import SCRIPT, script_tag


def test_the_tag_names_the_script_the_api_and_the_hash_of_the_script() -> None:
    tag = script_tag(b"counting()", "/js/sitewire.js", "https://api.example.org/v1")

    digest = base64.b64encode(hashlib.sha384(b"counting()").digest()).decode()
    assert tag == (
        '<script defer src="/js/sitewire.js" data-api="https://api.example.org/v1"'
        f' integrity="sha384-{digest}" crossorigin="anonymous"></script>'
    )


def test_what_is_in_the_tag_can_not_leave_its_attribute() -> None:
    tag = script_tag(b"", '/x"><script>', "https://api.example.org/v1?a=1&b=2")

    assert tag.count("<script") == 1
    assert "a=1&amp;b=2" in tag


def test_the_script_reads_what_the_tag_says() -> None:
    settings = {"api", "auto", "exclude", "hash", "respectDnt"}

    source = SCRIPT.with_name("sitewire.js").read_text()

    named = re.findall(r"settings\.(\w+)|\"(\w+)\" in settings", source)
    assert {name for pair in named for name in pair if name} == settings
