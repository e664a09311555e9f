"""Addresses whose visits are not counted: of those who make the site."""

from ipaddress import IPv6Address, ip_address, ip_network

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Networks:
    """Networks of addresses, which are false where there are none.

    Parameters
    ----------
    networks
        Each as `192.0.2.0/24` or `2001:db8::/32`.
    """

    def __init__(self, networks: "Iterable[str]") -> None:
        self._networks = tuple(map(ip_network, networks))

    def __bool__(self) -> bool:
        return bool(self._networks)

    def hold(self, address: str) -> bool:
        """Tell whether an address is in one of them; what is no address is in none."""
        try:
            found = ip_address(address)
        except ValueError:
            return False
        plain = (isinstance(found, IPv6Address) and found.ipv4_mapped) or found
        return any(found in network or plain in network for network in self._networks)
