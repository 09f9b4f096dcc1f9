"""Texts put together from several columns: `{street_number} {street}`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ROW = "row"
ID = "id"
OCCURRENCE = "occurrence"
LATE_NAMES = frozenset({ID, OCCURRENCE})
"""Known only once an event's id is: templates with them are filled last."""

_PART = re.compile(r"\{([^{}]+)\}")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Template:
    """`parts` are literals and names in turn, beginning and ending with a literal."""

    parts: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return self.parts[1::2]

    def filled(self, value_of: Callable[[str], str]) -> str:
        """The text, blanks collapsed; empty when every column in it is."""
        found = {name: value_of(name) for name in self.names}
        if not any(found.values()):
            return ""
        words = [found[part] if at % 2 else part for at, part in enumerate(self.parts)]
        return _BLANKS.sub(" ", "".join(words)).strip()


def template_of(text: str) -> Template | None:
    """None for a text without `{…}`, which is a constant."""
    parts = tuple(_PART.split(text))
    return Template(parts) if len(parts) > 1 else None


def late(template: Template, columns: Mapping[str, object]) -> bool:
    """Whether it needs the id of the event; a column of that name goes first."""
    return any(name in LATE_NAMES and name not in columns for name in template.names)
