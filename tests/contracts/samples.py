"""The vendors' own request and response samples, by operation.

contacthub_samples.json was taken from the vendor's documentation (Contacthub API 1.299.1), the
text from which the contract was written too. An entry has a `request`, `responses` by status, or
both.
"""

import json
from functools import cache
from pathlib import Path

from tests.contracts.contract import Json


@cache
def samples(dialect: str) -> dict[str, Json]:
    text = (Path(__file__).parent / f"{dialect}_samples.json").read_text("utf-8")
    found: dict[str, Json] = json.loads(text)
    return found
