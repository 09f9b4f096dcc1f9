"""Aggregate nodes: made, changed, set to work; and the job that projects whoever is there already.

The caller of a change holds the workspace's row, see `Directory.locked`.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from onefold.actions.context import Context
from onefold.actions.directory import Picture, require_open
from onefold.actions.jobs import enqueue_job, finish_job, list_jobs, renew_job, take_job
from onefold.actions.persons.counting import count_persons
from onefold.actions.persons.placing import Written, hold_persons, place_in
from onefold.actions.transaction import Transaction
from onefold.actions.workspaces import save_node
from onefold.actions.writing import run
from onefold.model.access import Actor, Permission
from onefold.model.aggregates import EXCLUSIONS_MAX, Aggregate, AggregateState
from onefold.model.errors import FieldError, Invalid
from onefold.model.ids import NIL, uuid7
from onefold.model.jobs import Job, JobDraft, JobFilter, JobState
from onefold.model.workspaces import Node, NodeKind, Workspace, check_name
from onefold.store import customers, rollups, updates

PROJECTION = "projection"
CUSTOMERS_AT_ONCE = 1000
JOBS_AT_ONCE = 100

Progress = Callable[[int], None]
"""Told how many customers were looked at since the last call."""


async def store_aggregate_node(
    tx: Transaction, actor: Actor, *, picture: Picture, node: Node, at: datetime
) -> Node:
    """A new aggregate node, which takes nobody in until it is activated, or a changed one.

    What it is made of cannot change: its entry nodes, its rules (see `rules`) and its state (see
    `activate_node`).
    """
    actor.require(Permission.CONFIGURATION_WRITE)
    require_open(picture.workspace, writing=True)
    check_name(node.name)
    wanted = node.aggregate or Aggregate()
    _check_members(picture.workspace, node)
    if not wanted.rule_set.rules or not all(one.paths for one in wanted.rule_set.rules):
        raise _invalid("rules", "at least one property to match by is required")
    if len(wanted.exclusions) > EXCLUSIONS_MAX:
        raise _invalid("exclusions", f"{EXCLUSIONS_MAX} at most")
    known = picture.workspace.nodes.get(node.id)
    if known is None:
        node = replace(node, aggregate=replace(wanted, state=AggregateState.NEW))
    else:
        _check_fixed(known, node)
    await save_node(tx, actor, node=node, at=at)
    if known is not None and node.is_projecting and _is_other(known, node):
        await start_projection(tx, actor, node=node, at=at)
    return node


async def activate_node(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    node_id: UUID,
    state: AggregateState,
    at: datetime,
) -> Node:
    """NEW to ACTIVE: every write is followed from now on, and a job takes in who is there."""
    actor.require(Permission.CONFIGURATION_WRITE)
    require_open(picture.workspace, writing=True)
    node = aggregate_node(picture.workspace, node_id)
    known = node.aggregate or Aggregate()
    if (known.state, state) != (AggregateState.NEW, AggregateState.ACTIVE):
        raise _invalid("state", f"{known.state} cannot become {state}")
    active = replace(node, aggregate=replace(known, state=state))
    await save_node(tx, actor, node=active, at=at)
    await start_projection(tx, actor, node=active, at=at)
    return active


def aggregate_node(workspace: Workspace, node_id: UUID) -> Node:
    """Raises Invalid for an entry node, NotFound for none."""
    node = workspace.node(node_id)
    if node.kind is not NodeKind.AGGREGATE:
        raise _invalid("node_id", "is an entry node")
    return node


async def start_projection(tx: Transaction, actor: Actor, *, node: Node, at: datetime) -> UUID:
    """Puts it into the queue that every customer is placed again, by the rules of then."""
    job_id = uuid7(at)
    draft = JobDraft(job_id, PROJECTION, node_id=node.id, fingerprint=str(job_id))
    await enqueue_job(tx, actor, draft=draft, at=at)
    return job_id


async def project_again(
    tx: Transaction,
    actor: Actor,
    *,
    workspace: Workspace,
    at: datetime,
    entry_node_ids: Collection[UUID] | None = None,
) -> None:
    """Queues every active node over these entry nodes, or over any: persons would now differ."""
    for node in workspace.projecting(workspace.nodes if entry_node_ids is None else entry_node_ids):
        await start_projection(tx, actor, node=node, at=at)


async def project_node(
    context: Context, actor: Actor, *, job: Job, progress: Progress | None = None
) -> None:
    """Places every customer of the node's entry nodes, some at a time, in the order of their ids.

    Writers go on meanwhile and place their own. A job that was cut off goes on after the last
    customer that its progress names; placing somebody twice changes nothing.
    """
    done, place, after = _position(job)
    while True:
        step = _Step(context, actor, job, done, place, after)
        await run(context.database, step.take)
        if progress is not None:
            progress(step.taken)
        if step.finished:
            return
        done, place, after = step.done, step.place, step.after


async def run_projections(
    context: Context,
    actor: Actor,
    *,
    node_id: UUID,
    holder: str,
    progress: Progress | None = None,
) -> int:
    """Runs the projections of a node that wait, oldest first; how many there were.

    For whoever does not want to wait for a worker. Those that another holder is at are left to it.
    """
    states = (JobState.LOADED,)
    async with context.database.reading() as tx:
        wanted = JobFilter(kind=PROJECTION, node_id=node_id, states=states)
        page = await list_jobs(tx, actor, wanted=wanted, offset=0, limit=JOBS_AT_ONCE)
    done = 0
    for waiting in reversed(page.jobs):
        async with context.database.transaction() as tx:
            job = await take_job(
                tx, actor, job_id=waiting.id, holder=holder, at=context.clock(), states=states
            )
        if job is not None:
            await project_node(context, actor, job=job, progress=progress)
            await _finish(context, actor, job)
            done += 1
    return done


async def _finish(context: Context, actor: Actor, job: Job) -> None:
    async with context.database.transaction() as tx:
        await finish_job(tx, actor, job=job, state=JobState.DONE, at=context.clock())


def _position(job: Job) -> tuple[int, int, UUID]:
    at = job.progress
    return int(at.get("done", 0)), int(at.get("entry_node", 0)), UUID(at.get("after", str(NIL)))


class _Step:
    """Some customers of one entry node, in a transaction of their own."""

    def __init__(
        self, context: Context, actor: Actor, job: Job, done: int, place: int, after: UUID
    ) -> None:
        self._context = context
        self._actor = actor
        self._job = job
        self._start = (done, place, after)
        self.done, self.place, self.after = self._start
        self.taken = 0
        self.finished = False

    async def take(self, tx: Transaction) -> None:
        self.done, self.place, self.after = self._start
        actor, context, at = self._actor, self._context, self._context.clock()
        picture = await context.directory.current(tx, actor.workspace_id)
        node = picture.workspace.node(self._job.node_id or NIL)
        self.finished = self.place >= len(node.entry_node_ids)
        if self.finished:
            return
        some = await customers.lock_page(
            tx,
            actor.workspace_id,
            node_id=node.entry_node_ids[self.place],
            after=self.after,
            limit=CUSTOMERS_AT_ONCE,
        )
        self.taken = len(some)
        self._move(some[-1].id if some else None)
        if some:
            await place_and_announce(
                tx, actor, picture=picture, node=node, written=Written(some), at=at
            )
        progress = {"done": self.done, "entry_node": self.place, "after": str(self.after)}
        await renew_job(tx, actor, job=self._job, progress=progress, at=at)

    def _move(self, last: UUID | None) -> None:
        self.done += self.taken
        if last is None:
            self.place, self.after = self.place + 1, NIL
        else:
            self.after = last


async def place_and_announce(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    node: Node,
    written: Written,
    at: datetime,
) -> None:
    """Places customers that nobody is writing just now; nothing else happens to them."""
    workspace = picture.workspace
    await hold_persons(tx, actor)
    changes = await place_in(tx, actor, picture=picture, node=node, written=written, at=at)
    counts = count_persons(changes, workspace, at=at)
    await rollups.add_node_counts(tx, workspace.id, counts)
    await updates.append_updates(tx, workspace.id, changes.announced, at=at)


def _check_members(workspace: Workspace, node: Node) -> None:
    if not node.entry_node_ids:
        raise _invalid("entry_node_ids", "at least one entry node is required")
    for one in node.entry_node_ids:
        known = workspace.nodes.get(one)
        if known is None or known.kind is not NodeKind.ENTRY:
            raise _invalid("entry_node_ids", "names a node that is not an entry node")


def _check_fixed(known: Node, wanted: Node) -> None:
    before, after = known.aggregate or Aggregate(), wanted.aggregate or Aggregate()
    if set(known.entry_node_ids) != set(wanted.entry_node_ids):
        raise _invalid("entry_node_ids", "cannot change")
    if before.rule_set != after.rule_set:
        raise _invalid("rules", "cannot change")
    if before.state is not after.state:
        raise _invalid("state", "is changed by itself")


def _is_other(known: Node, node: Node) -> bool:
    """Whether other persons may come of it, or other values."""
    before = (known.aggregate, known.source_priority, known.entry_node_ids)
    return before != (node.aggregate, node.source_priority, node.entry_node_ids)


def _invalid(path: str, message: str) -> Invalid:
    return Invalid(
        f"the aggregate node is not valid: {message}", fields=(FieldError(path, message),)
    )
