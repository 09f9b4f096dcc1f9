"""Counters and timings for /metrics."""

from prometheus_client import Counter, Histogram

REQUESTS = Counter(
    "onefold_requests_total", "Requests answered.", ("dialect", "operation", "status")
)
SECONDS = Histogram(
    "onefold_request_seconds",
    "Time from the first byte in to the last byte out.",
    ("dialect", "operation"),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0),
)
BATCH_ITEMS = Histogram(
    "onefold_batch_items",
    "Requests stored by one transaction.",
    ("verb",),
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
)
