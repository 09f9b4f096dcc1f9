"""Looks a database over: what must always hold, and what an operator should know."""

from dataclasses import dataclass

from onefold.actions.context import Context
from onefold.actions.transaction import Transaction
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


async def examine(context: Context) -> list[Finding]:
    """One finding for each check; those of a workspace name its slug."""
    async with context.database.reading() as tx:
        findings = await _server(tx)
        for workspace_id, slug, _, _ in await workspaces.list_workspaces(tx):
            orphans = await identifiers.count_orphans(tx, workspace_id)
            findings.append(
                Finding(f"identifiers of {slug}", orphans == 0, f"{orphans} without a customer")
            )
            gaps = await health.count_stream_gaps(tx, workspace_id)
            findings.append(
                Finding(f"update stream of {slug}", gaps == 0, f"{gaps} positions missing")
            )
        return findings


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
