"""What taking an import back does to one customer: pure, from history alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from onefold.model.documents import Document
from onefold.model.history import FieldChange, HistoryEntry, difference, reverted

NEXT_KEY = "/next_key"
"""Never taken back: a key that was given once is not given again."""

PROBLEMS_KEPT_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Restored:
    """The document without what the job did, and the paths that stay as they are."""

    document: Document
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RevertTally:
    """How far taking back is; `next` is the batch that comes next, counted down to -1.

    `kept` counts customers who stay or keep fields because somebody changed them since; those are
    named in `problems` as id and reason, up to a limit.
    """

    next: int
    removed: int = 0
    restored: int = 0
    kept: int = 0
    events: int = 0
    problems: tuple[tuple[str, str], ...] = ()

    def plus(
        self,
        *,
        removed: int = 0,
        restored: int = 0,
        events: int = 0,
        problems: Sequence[tuple[str, str]] = (),
    ) -> "RevertTally":
        """After one more batch."""
        return replace(
            self,
            next=self.next - 1,
            removed=self.removed + removed,
            restored=self.restored + restored,
            kept=self.kept + len(problems),
            events=self.events + events,
            problems=(*self.problems, *problems)[:PROBLEMS_KEPT_MAX],
        )

    def document(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def revert_tally(document: Mapping[str, Any] | None, *, batches: int) -> RevertTally:
    """Where a revert goes on, or its beginning at the last batch."""
    if document is None:
        return RevertTally(next=batches - 1)
    problems = tuple((one[0], one[1]) for one in document["problems"])
    return RevertTally(**{**document, "problems": problems})


def was_created(entries: Sequence[HistoryEntry]) -> bool:
    """Whether the job made the customer; entries are the job's, newest first."""
    return bool(entries) and entries[-1].version == 1


def was_left_alone(entries: Sequence[HistoryEntry], version: int) -> bool:
    """Whether nobody but the job wrote the customer, whose version this is now."""
    return was_created(entries) and len(entries) == version


def without_job(document: Document, entries: Sequence[HistoryEntry]) -> Restored:
    """Takes entries back, newest first; what was changed since stays and is named."""
    kept: list[str] = []
    for entry in entries:
        document, stayed = reverted(document, _reversible(entry))
        kept += [path for path in stayed if path not in kept]
    return Restored(document, tuple(kept))


def without_job_but(
    document: Document,
    entries: Sequence[HistoryEntry],
    *,
    is_valid: Callable[[Document], bool],
) -> Restored:
    """The same, one field at a time, leaving out each that the rules of the node insist on."""
    kept: list[str] = []
    for entry in entries:
        for change in _reversible(entry):
            changed, stayed = reverted(document, (change,))
            if stayed or not is_valid(changed):
                kept.append(change.path)
            else:
                document = changed
    return Restored(document, tuple(dict.fromkeys(kept)))


def _reversible(entry: HistoryEntry) -> tuple[FieldChange, ...]:
    """Field by field, also for the first entry, which holds the document as a whole."""
    changes = entry.changes
    if len(changes) == 1 and changes[0].path == "":
        changes = difference(changes[0].old or {}, changes[0].new or {})
    return tuple(change for change in changes if change.path != NEXT_KEY)
