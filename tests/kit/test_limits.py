"""Limits by address: whoever owns a whole block of addresses is one."""

from __future__ import annotations

import pytest

from mashang.kit.limits import address_block
from mashang.live.origin import address_of


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("/run/socket", "unknown"),
    ],
)
def test_an_ipv6_subscriber_counts_as_one(address, block):
    assert address_block(address) == block


def test_sockets_of_one_ipv6_subscriber_count_together():
    assert address_of({"client": ("2001:db8:1:2::1", 1)}) == address_of({"client": ("2001:db8:1:2::2", 2)})
