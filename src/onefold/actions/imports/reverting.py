"""Taking an import back: customers it made go, fields it changed return, its events go.

Batch by batch, the last one first, each in one transaction with the note of how far it is. What
somebody else changed since stays.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from onefold.actions.context import Context
from onefold.actions.customers.drafts import CustomerDraft, Operation
from onefold.actions.customers.save import save_customers
from onefold.actions.directory import Picture, require_open
from onefold.actions.event_counts import count_gone
from onefold.actions.events import change_of
from onefold.actions.imports.opening import IMPORT_KIND, Holder
from onefold.actions.imports.running import IMPORT_SLOT
from onefold.actions.jobs import finish_job, read_job, release_job, renew_job, take_job
from onefold.actions.transaction import DRIVER_ERRORS, Transaction
from onefold.actions.writing import run
from onefold.model.access import Actor, Permission
from onefold.model.changes import CustomerChange
from onefold.model.customers import Customer, Profile
from onefold.model.documents import Document, document_of
from onefold.model.errors import Conflict, Invalid, Refusal
from onefold.model.history import FieldChange, HistoryEntry
from onefold.model.imports.paths import ImportEntity
from onefold.model.imports.reverting import (
    RevertTally,
    revert_tally,
    was_created,
    was_left_alone,
    without_job,
    without_job_but,
)
from onefold.model.imports.verdicts import Verdict, tally_of
from onefold.model.jobs import REVERTIBLE, Job, JobBatch, JobState
from onefold.model.matching import missing_properties
from onefold.model.rollups import NodeCount
from onefold.model.updates import Change, Entity
from onefold.model.updates import Operation as UpdateOperation
from onefold.store import customers, events, history, jobs, reverts, rollups, updates
