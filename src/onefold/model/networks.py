"""Addresses that a token may be used from: IPv4 and IPv6, single ones and networks."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Network = IPv4Network | IPv6Network

MAPPED = IPv6Network("::ffff:0:0/96")
"""IPv4 written as IPv6: what a server that listens on both is told of an IPv4 caller."""


def network_of(text: str) -> str:
    """The network in its one form; a single address is a network of one.

    Raises ValueError for what is none.
    """
    return str(_plain(ip_network(text.strip(), strict=False)))


def is_within(address: str, networks: Iterable[str]) -> bool:
    """Whether an address lies in one of the networks; what is no address lies in none."""
    found = _address(address)
    return found is not None and any(found in _network(one) for one in networks)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _plain(network: Network) -> Network:
    if isinstance(network, IPv6Network) and network.subnet_of(MAPPED):
        bits = network.prefixlen - MAPPED.prefixlen
        return IPv4Network((int(network.network_address) & 0xFFFFFFFF, bits))
    return network


@lru_cache(maxsize=4096)
def _network(text: str) -> Network:
    return ip_network(text)
