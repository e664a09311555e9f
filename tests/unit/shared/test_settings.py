import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.settings import Settings, SettingsError
from tests.unit.properties import reproducible


class Common(Settings):
    table_name: str


class Worker(Common):
    lease_seconds: int
    allowed_origins: tuple[str, ...]


ENVIRONMENT = {
    "TABLE_NAME": "sitewire",
    "LEASE_SECONDS": "30",
    "ALLOWED_ORIGINS": "https://a.example,https://b.example",
}
VALUES = {"table_name": "sitewire", "lease_seconds": 30, "allowed_origins": ("https://a.example", "https://b.example")}

_WORDS = st.text(st.characters(exclude_characters=",", exclude_categories=["Cs"]), min_size=1, max_size=20)


def test_each_field_is_read_from_its_variable() -> None:
    settings = Worker.from_environment(ENVIRONMENT)

    assert settings.table_name == "sitewire"
    assert settings.lease_seconds == 30
    assert settings.allowed_origins == ("https://a.example", "https://b.example")


def test_fields_of_base_classes_come_first() -> None:
    assert list(Worker.fields()) == ["table_name", "lease_seconds", "allowed_origins"]


def test_other_variables_do_not_matter() -> None:
    settings = Worker.from_environment({**ENVIRONMENT, "PATH": "/usr/bin"})

    assert settings.to_environment() == ENVIRONMENT


@reproducible
@given(name=_WORDS, lease=st.integers(-(10**9), 10**9), origins=st.lists(_WORDS, max_size=4))
def test_settings_survive_the_environment(name: str, lease: int, origins: list[str]) -> None:
    settings = Worker(table_name=name, lease_seconds=lease, allowed_origins=tuple(origins))

    again = Worker.from_environment(settings.to_environment())

    assert vars(again) == vars(settings)


@pytest.mark.parametrize("variable", ENVIRONMENT)
def test_a_missing_variable_is_named(variable: str) -> None:
    environment = {name: value for name, value in ENVIRONMENT.items() if name != variable}

    with pytest.raises(SettingsError, match=f"{variable} is missing"):
        Worker.from_environment(environment)


@pytest.mark.parametrize("value", ["", "soon", "1.5", "0x10"])
def test_a_number_that_is_none_is_named(value: str) -> None:
    with pytest.raises(SettingsError, match="LEASE_SECONDS must be a whole number"):
        Worker.from_environment({**ENVIRONMENT, "LEASE_SECONDS": value})


def test_the_error_about_a_value_does_not_show_it() -> None:
    with pytest.raises(SettingsError) as caught:
        Worker.from_environment({**ENVIRONMENT, "LEASE_SECONDS": "hunter2"})

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("name", ["table_name", "anything"])
def test_settings_are_frozen(name: str) -> None:
    settings = Worker.from_environment(ENVIRONMENT)

    with pytest.raises(AttributeError, match=f"Worker is frozen: {name}"):
        setattr(settings, name, "other")


@pytest.mark.parametrize(
    "values",
    [{**VALUES, "colour": "green"}, {name: value for name, value in VALUES.items() if name != "table_name"}],
    ids=["unknown", "missing"],
)
def test_settings_take_exactly_their_fields(values: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match="missing or unknown"):
        Worker(**values)  # type: ignore[arg-type]
