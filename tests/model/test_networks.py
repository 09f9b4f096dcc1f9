"""Addresses and networks, IPv4 and IPv6."""

import pytest

from onefold.model.networks import is_within, network_of


class TestNetworkOf:
    @pytest.mark.parametrize(
        ("text", "network"),
        [
            ("192.0.2.7", "192.0.2.7/32"),
            (" 192.0.2.7/24 ", "192.0.2.0/24"),
            ("2001:DB8::1", "2001:db8::1/128"),
            ("2001:db8::/32", "2001:db8::/32"),
            ("::ffff:192.0.2.7", "192.0.2.7/32"),
            ("::ffff:192.0.2.0/120", "192.0.2.0/24"),
        ],
    )
    def test_has_one_form_for_each(self, text: str, network: str) -> None:
        assert network_of(text) == network

    @pytest.mark.parametrize("text", ["", "everywhere", "192.0.2", "192.0.2.300", "1.2.3.4/40"])
    def test_refuses_what_is_none(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            network_of(text)


class TestIsWithin:
    def test_knows_an_address_in_either_form(self) -> None:
        assert is_within("::ffff:192.0.2.7", ["192.0.2.0/24"])
        assert is_within("fe80::1%eth0", ["fe80::/10"])
        assert not is_within("192.0.2.7", ["2001:db8::/32", "192.0.3.0/24"])
        assert not is_within("192.0.2.7", [])
        assert not is_within("localhost", ["0.0.0.0/0", "::/0"])
