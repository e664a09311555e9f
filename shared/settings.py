"""One frozen, typed settings model per function, built once at its cold start.

A plain class instead of a dataclass: importing `dataclasses` costs an ingest function a fifth of its cold start.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self, dataclass_transform
else:

    def dataclass_transform(**_: object):  # noqa: ANN201, D103
        return lambda cls: cls


class SettingsError(Exception):
    """Raised when the environment lacks a variable or holds one that does not fit its type."""


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Settings:
    """Base of a function's settings: each annotated field is an environment variable of the same name in capitals.

    Fields are `str`, `int`, or `tuple[str, ...]` (joined by commas).
    """

    def __init__(self, **values: object) -> None:
        names = set(self.fields())
        if unexpected := values.keys() ^ names:
            message = f"{type(self).__name__} takes {sorted(names)}; missing or unknown: {sorted(unexpected)}"
            raise SettingsError(message)
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: object) -> None:
        message = f"{type(self).__name__} is frozen: {name} can't be set"
        raise AttributeError(message)

    @classmethod
    def fields(cls) -> "dict[str, object]":
        """Return the fields' names and types, those of base classes first."""
        found: dict[str, object] = {}
        for base in reversed(cls.__mro__):
            # inspect.get_annotations would be the usual way, and costs the import of inspect.
            found.update(base.__dict__.get("__annotations__", {}))  # noqa: RUF063
        return found

    @classmethod
    def from_environment(cls, environment: "Mapping[str, str]") -> "Self":
        """Read every field from `environment`.

        Raises
        ------
        SettingsError
            When a variable is missing or isn't of its field's type.
        """
        return cls(**{name: _parse(name, kind, environment) for name, kind in cls.fields().items()})

    def to_environment(self) -> "dict[str, str]":
        """Return the variables from which `from_environment` builds these settings again."""
        return {name.upper(): _format(self.__dict__[name]) for name in self.fields()}


def _parse(name: str, kind: object, environment: "Mapping[str, str]") -> object:
    raw = environment.get(name.upper())
    if raw is None:
        message = f"the environment variable {name.upper()} is missing"
        raise SettingsError(message)
    if kind is str:
        return raw
    if kind is int:
        try:
            return int(raw)
        except ValueError:
            message = f"the environment variable {name.upper()} must be a whole number"
            raise SettingsError(message) from None
    return tuple(part for part in raw.split(",") if part)


def _format(value: object) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)
