import pytest

from shared.analytics.exclusion import Networks

NETWORKS = Networks(("192.0.2.7/32", "198.51.100.0/24", "2001:db8::/32"))


@pytest.mark.parametrize(
    "address",
    ["192.0.2.7", "198.51.100.0", "198.51.100.255", "2001:db8::1", "2001:DB8:0:0:0:0:0:1", "::ffff:192.0.2.7"],
)
def test_an_address_is_in_its_network_however_it_is_written(address: str) -> None:
    assert NETWORKS.hold(address)


@pytest.mark.parametrize("address", ["192.0.2.8", "198.51.101.0", "2001:db9::1", "::ffff:192.0.2.8", "::c000:207"])
def test_another_address_is_in_none(address: str) -> None:
    assert not NETWORKS.hold(address)


@pytest.mark.parametrize(
    "text", ["", "unknown", "192.0.2.7/32", "192.0.2.7:443", "192.0.2.07", "\x00", "\ud800", "7" * 99]
)
def test_what_is_no_address_is_in_none(text: str) -> None:
    assert not NETWORKS.hold(text)


def test_a_network_may_be_of_addresses_that_carry_others() -> None:
    assert Networks(("::ffff:192.0.2.7/128",)).hold("::ffff:192.0.2.7")


def test_without_networks_there_is_nothing_to_look_for() -> None:
    assert not Networks(())
    assert NETWORKS
