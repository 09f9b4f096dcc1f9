"""Which handler does which kind of job: every kind on one page."""

from collections.abc import Awaitable, Mapping
from typing import Protocol

from onefold.actions.aggregates import PROJECTION, project_node
from onefold.actions.context import Context
from onefold.actions.imports.bulk import BULK_KIND, run_bulk_job
from onefold.model.access import Actor
from onefold.model.jobs import Job


class Handler(Protocol):
    """Does a job to its end; the worker holds its lease meanwhile, and then finishes it.

    Each transaction that stores something also calls `renew_job`: what was stored and how far the
    job is are then one, so the next handler goes on from `job.progress` wherever this one was
    killed. `actor` is an operator of the job's workspace.

    Raises a Refusal when the job cannot be done as it was asked for: it has failed then, with the
    refusal's words. Any other exception is a fault, and the job is tried again later. An Overtaken
    goes through: another worker has the job.
    """

    def __call__(self, context: Context, actor: Actor, *, job: Job) -> Awaitable[None]: ...


HANDLERS: Mapping[str, Handler] = {
    BULK_KIND: run_bulk_job,
    PROJECTION: project_node,
}
"""Job kind -> handler. Each kind has a lane of its own in every worker: one job of a kind at a
time, and a long one does not keep the other kinds waiting.
"""
