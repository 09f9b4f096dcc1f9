"""Leaving files as a client does, and a worker that goes through them."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

import httpx

from onefold.actions.imports.bulk import BULK_KIND, run_bulk_job
from onefold.actions.jobs import take_due_job
from onefold.worker.jobs import run_job
from tests.builders import Shop
from tests.dialects.contacthub.clients import Api

Json = dict[str, Any]
HEADER = "externalId,base.firstName,base.contacts.email"
PEOPLE = f"{HEADER}\n100,John,doe@example.example\n101,Ada,ada@shop.example\n"


@dataclass
class Loading:
    """The bulk jobs of one node."""

    api: Api
    shop: Shop

    @property
    def path(self) -> str:
        return f"/nodes/{self.shop.node_id}/bulk-jobs"

    async def send(
        self, content: str | bytes, *, name: str = "people.csv", **fields: str
    ) -> httpx.Response:
        encoded = content.encode() if isinstance(content, str) else content
        files = {"file": (name, encoded, "text/csv")}
        return await self.api.post(self.path, data=fields, files=files)

    async def load(self, content: str | bytes, operation: str = "UPSERT", **fields: str) -> Json:
        answer = await self.send(content, operation=operation, **fields)
        assert answer.status_code == 201, answer.text
        job: Json = answer.json()
        return job

    async def work(self) -> int:
        """Does every job that waits; how many that were."""
        done = 0
        context = self.shop.context
        while True:
            async with context.database.transaction() as tx:
                job = await take_due_job(
                    tx, self.shop.operator, kinds=[BULK_KIND], holder="test", at=context.clock()
                )
            if job is None:
                return done
            await run_job(context, self.shop.operator, job=job, handler=run_bulk_job)
            done += 1

    async def job(self, job_id: str) -> Json:
        answer = await self.api.get(f"{self.path}/{job_id}")
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def done(self, content: str | bytes, operation: str = "UPSERT", **fields: str) -> Json:
        """The job of a file, once it has come to its end."""
        made = await self.load(content, operation, **fields)
        assert made["status"] == "LOADED", made
        await self.work()
        return await self.job(made["id"])

    async def listed(self, **query: Any) -> Json:
        answer = await self.api.get(self.path, params=query)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def results(self, job: Mapping[str, Any]) -> list[dict[str, str]]:
        answer = await self.api.get(f"{self.path}/{job['id']}/results")
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(StringIO(answer.text)))


def counts(job: Mapping[str, Any]) -> tuple[str, int, int, int]:
    """Status, rows without error, rows refused, rows in all."""
    return (
        job["status"],
        job["processedEntities"],
        job["failedEntities"],
        job["totalEntities"],
    )
