"""Published clients, as their authors released them, on a server that runs by itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from contacthub.node import Node
from contacthub.workspace import Workspace

from tests.cli.caller import Caller
from tests.cli.commands import Commands
from tests.cli.conftest import commands, folder, key_file, url
from tests.cli.serving import Serving
from tests.contracts.contract import check_response

__all__ = ["commands", "folder", "key_file", "url"]

BASE = "/contacthub/hub/v1/workspaces"
SHOP = """
workspaces:
  - slug: shop
    name: Shop
    nodes:
      - name: counter
        unique: {properties: [contact.email]}
      - name: strict
        unique: {properties: [contact.email], on_match: refuse}
    sources:
      - name: till
        nodes: [counter, strict]
"""


@pytest.fixture(scope="module")
def serving(commands: Commands, folder: Path) -> Iterator[Serving]:
    commands.apply(folder, SHOP)
    with Serving(*commands.place, folder=folder) as server:
        yield server


@pytest.fixture(scope="module")
def workspace(serving: Serving, commands: Commands, url: str) -> Workspace:
    """The client's way in, given nothing but another base address and a source's token."""
    create = ("token", "create", "contacthub", "--workspace", "shop", "--source", "till")
    token = commands.json(*create)["token"]
    shop = Caller(url, serving.port, token)
    return Workspace(shop.workspace_id, token, base_url=f"{serving.url}{BASE}")


def node_of(commands: Commands, workspace: Workspace, name: str) -> Node:
    nodes = commands.json("nodes", "--workspace", "shop")
    return workspace.get_node(next(one["id"] for one in nodes if one["name"] == name))


def fresh_email() -> str:
    """Tests of a module share a server; nobody in it has this address yet."""
    return f"{uuid4().hex}@shop.example"


@pytest.fixture(scope="module")
def node(commands: Commands, workspace: Workspace) -> Node:
    return node_of(commands, workspace, "counter")


@pytest.fixture(scope="module")
def strict_node(commands: Commands, workspace: Workspace) -> Node:
    """A node as of an old workspace: whoever is there already is refused."""
    return node_of(commands, workspace, "strict")


@pytest.fixture(autouse=True)
def contract(monkeypatch: pytest.MonkeyPatch) -> None:
    """Holds every answer that a client gets, straight from the server, against the contract."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    send = requests.Session.send

    def watched(self: Any, request: Any, **options: Any) -> Any:
        answer = send(self, request, **options)
        path = request.path_url.partition("?")[0]
        check_response(
            "contacthub",
            request.method,
            path,
            answer.status_code,
            answer.headers,
            answer.content,
        )
        return answer

    monkeypatch.setattr(requests.Session, "send", watched)
