"""Certificates: what was removed of a customer and when, signed under the installation's key.

Whoever holds one can see that it was not changed (digest); whoever has the key, that it was made
here (signature) and that the consent log has its line.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC
from hashlib import sha256
from typing import Any
from uuid import UUID

from onefold.actions.customers.forget import Forgetting
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.consents import FORGOTTEN
from onefold.model.workspaces import Workspace
from onefold.store import consents

FORM = "onefold certificate of erasure 1"
_PURPOSE = "certificate:"
_SIGNED = ("digest", "signature")


def make_certificate(
    tx: Transaction, actor: Actor, *, workspace: Workspace, done: Forgetting
) -> dict[str, Any]:
    """A document for the customer's file; it names nobody but by id and number."""
    actor.require(Permission.CUSTOMER_FORGET)
    stated = {
        "form": FORM,
        "workspace": {"id": str(workspace.id), "slug": workspace.slug},
        "customer": {
            "id": str(done.customer_id),
            "number": done.number,
            "node": str(done.node_id),
        },
        "forgotten_at": done.at.astimezone(UTC).isoformat(),
        "by": {"kind": actor.kind, "id": str(actor.id) if actor.id else None},
        "removed": dict(sorted(done.removed.items())),
        "kept_out_by": done.marks,
        "consent_log": {
            "event": done.entry.event,
            "sequence": done.entry.sequence,
            "digest": done.entry.digest.hex(),
        },
    }
    digest = _digest(stated)
    return {**stated, "digest": digest, "signature": tx.sealer.fingerprint(_PURPOSE + digest)}


async def check_certificate(
    tx: Transaction, actor: Actor, *, certificate: Mapping[str, Any]
) -> list[str]:
    """What is wrong with a certificate, in sentences; nothing when it is genuine."""
    actor.require(Permission.CONSENT_READ)
    stated = {name: value for name, value in certificate.items() if name not in _SIGNED}
    digest = _digest(stated)
    if stated.get("form") != FORM:
        return ["this is no certificate of onefold"]
    if certificate.get("digest") != digest:
        return ["the certificate was changed after it was made"]
    signature = tx.sealer.fingerprint(_PURPOSE + digest)
    if not hmac.compare_digest(str(certificate.get("signature")), signature):
        return ["the certificate was not made under the key of this installation"]
    return await _held_against_log(tx, actor, stated)


async def _held_against_log(tx: Transaction, actor: Actor, stated: Mapping[str, Any]) -> list[str]:
    if stated["workspace"]["id"] != str(actor.workspace_id):
        return ["the certificate is of another workspace"]
    lines = await consents.list_consent_log(
        tx, actor.workspace_id, customer_id=UUID(stated["customer"]["id"])
    )
    told = stated["consent_log"]["digest"]
    if not any(one.event == FORGOTTEN and one.digest.hex() == told for one in lines):
        return ["the consent log has no such line"]
    return []


def _digest(stated: Mapping[str, Any]) -> str:
    text = json.dumps(stated, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(text.encode()).hexdigest()
