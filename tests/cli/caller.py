"""A client of a shop on a running server: what it writes has a name by which it is found again."""

from typing import Any
from uuid import UUID

from tests.cli.databases import rows
from tests.cli.http_client import Client, Response

_PLACE = (
    "SELECT workspaces.workspace_id, node_id"
    " FROM workspaces JOIN nodes USING (workspace_id) WHERE slug = $1 ORDER BY nodes.created_at"
)


class Caller:
    """Speaks Contacthub with a token; customers go to the first node of the workspace."""

    def __init__(self, url: str, port: int, token: str, *, slug: str = "shop") -> None:
        self.workspace_id: UUID
        self.node_id: UUID
        self.workspace_id, self.node_id = rows(url, _PLACE, slug)[0]
        self.path = f"/contacthub/hub/v1/workspaces/{self.workspace_id}"
        self.port = port
        self.headers = bearer(token)

    @property
    def search_path(self) -> str:
        return f"{self.path}/customers?nodeId={self.node_id}&size=1"

    def customer(self, email: str) -> dict[str, Any]:
        return {"nodeId": str(self.node_id), "base": {"contacts": {"email": email}}}

    def order(self, customer_id: str, order_id: str) -> dict[str, Any]:
        return {
            "customerId": customer_id,
            "type": "completedOrder",
            "context": "ECOMMERCE",
            "properties": {"orderId": order_id, "amount": {"total": 12.5}},
        }

    async def create_customer(self, client: Client, email: str, key: str = "") -> Response:
        return await client.post(f"{self.path}/customers", self.customer(email), self._with(key))

    async def create_order(
        self, client: Client, customer_id: str, order_id: str, key: str = ""
    ) -> Response:
        order = self.order(customer_id, order_id)
        return await client.post(f"{self.path}/events", order, self._with(key))

    def _with(self, key: str) -> dict[str, str]:
        return {**self.headers, "Idempotency-Key": key} if key else self.headers


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
