"""Looks a database over: what must always hold, and what an operator should know."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from onefold.actions.context import Context
from onefold.actions.rollups import compare
from onefold.actions.transaction import Transaction
from onefold.model.access import operator_of
from onefold.store import health, identifiers, workspaces

SERVER_VERSION_MIN = 150_000
CITUS_SETTINGS = {
    "citus.max_adaptive_executor_pool_size": "1",
    "citus.propagate_set_commands": "local",
}


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    ok: bool
    detail: str


async def examine(context: Context, *, counters: bool = False) -> list[Finding]:
    """One finding for each check; those of a workspace name its slug.

    With `counters` every event is counted again, which takes its time.
    """
    async with context.database.reading() as tx:
        findings = await _server(tx)
        known = await workspaces.list_workspaces(tx)
        for workspace_id, slug, _, _ in known:
            findings += await _workspace(tx, workspace_id, slug, at=context.clock())
    for workspace_id, slug, _, _ in known if counters else ():
        findings += await _counters(context, workspace_id, slug)
    return findings


async def _workspace(
    tx: Transaction, workspace_id: UUID, slug: str, *, at: datetime
) -> list[Finding]:
    orphans = await identifiers.count_orphans(tx, workspace_id)
    loose = await health.count_loose_links(tx, workspace_id)
    gaps = await health.count_stream_gaps(tx, workspace_id)
    left, failed = await health.count_jobs(tx, workspace_id, at=at)
    return [
        Finding(f"identifiers of {slug}", orphans == 0, f"{orphans} without a customer"),
        Finding(f"persons of {slug}", loose == 0, f"{loose} links that lead nowhere"),
        Finding(f"update stream of {slug}", gaps == 0, f"{gaps} positions missing"),
        Finding(f"jobs of {slug}", left == 0, f"{left} left in the middle, {failed} failed"),
    ]


async def _counters(context: Context, workspace_id: UUID, slug: str) -> list[Finding]:
    picture = await context.directory.workspace(workspace_id)
    if picture is None:  # taken away since it was listed
        return []
    found = await compare(context.database, operator_of(workspace_id), picture=picture)
    detail = "as a recount of the events has them" if found.exact else "differ from a recount"
    return [Finding(f"counters of {slug}", found.exact, detail)]


async def _server(tx: Transaction) -> list[Finding]:
    facts = await health.server_facts(tx)
    recent = facts.version >= SERVER_VERSION_MIN
    findings = [
        Finding("PostgreSQL version", recent, facts.version_text),
        Finding("fsync", facts.fsync == "on", facts.fsync),
        Finding(
            "synchronous_commit",
            facts.synchronous_commit not in ("off", "local"),
            facts.synchronous_commit,
        ),
        Finding("schema", facts.schema == facts.schema_known, f"version {facts.schema}"),
    ]
    if facts.citus:
        for name, wanted in CITUS_SETTINGS.items():
            value = await health.setting(tx, name)
            findings.append(Finding(name, value == wanted, f"{value}, should be {wanted}"))
    return findings
