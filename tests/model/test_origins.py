"""Origins of pages, in the form in which browsers say them."""

import pytest

from onefold.model.origins import origin_of


class TestOriginOf:
    @pytest.mark.parametrize(
        ("url", "origin"),
        [
            ("https://shop.example", "https://shop.example"),
            ("https://Shop.example/tea?a=b#c", "https://shop.example"),
            ("HTTPS://shop.example:443/", "https://shop.example"),
            ("http://shop.example:80", "http://shop.example"),
            ("http://shop.example:8080/", "http://shop.example:8080"),
            (" https://[2001:db8::1]:8443/ ", "https://[2001:db8::1]:8443"),
        ],
    )
    def test_is_scheme_host_and_port(self, url: str, origin: str) -> None:
        assert origin_of(url) == origin

    @pytest.mark.parametrize(
        "url", ["", "shop.example", "mailto:ada@shop.example", "https://", "https://shop.example:x"]
    )
    def test_has_no_one_that_is_no_page(self, url: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            origin_of(url)
