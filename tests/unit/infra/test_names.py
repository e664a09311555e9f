import re

import pytest

from infra.catalogue import FUNCTIONS, workers
from infra.names import Names

LONGEST_STAGE = "a" * 20


@pytest.mark.parametrize("function", [function.name for function in FUNCTIONS])
def test_the_name_of_a_function_is_one_that_lambda_takes(function: str) -> None:
    assert re.fullmatch(r"[a-zA-Z0-9-]{1,64}", Names(LONGEST_STAGE).function(function))


@pytest.mark.parametrize("worker", [function.name for function in workers()])
def test_the_names_of_a_workers_queues_are_ones_that_sqs_takes(worker: str) -> None:
    names = Names(LONGEST_STAGE)

    for queue in (names.queue(worker), names.dead_letter_queue(worker)):
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,80}", queue)


def test_the_names_of_functions_of_one_stage_differ() -> None:
    names = Names("local")

    assert len({names.function(function.name) for function in FUNCTIONS}) == len(FUNCTIONS)


def test_no_name_of_one_stage_is_a_name_of_another() -> None:
    local, production = vars(Names("local")), vars(Names("production"))

    assert set(local.values()).isdisjoint(production.values())


def test_the_names_of_the_clock_and_the_secret_are_ones_that_aws_takes() -> None:
    names = Names(LONGEST_STAGE)

    assert re.fullmatch(r"[0-9a-zA-Z_.-]{1,64}", names.release_schedule)
    assert re.fullmatch(r"[a-zA-Z0-9/_+=.@-]{1,512}", names.preview_key)
    # Secrets Manager adds a dash and six characters to the ARN, and must not find them in the name already.
    assert not re.search(r"-.{6}$", names.preview_key)


def test_an_alarm_is_named_after_what_it_watches_and_how() -> None:
    names = Names("local")

    assert names.alarm("queue-age", "store_contact") == "sitewire-local-store-contact-queue-age"
    assert names.alarm("api-5xx") == "sitewire-local-api-5xx"
