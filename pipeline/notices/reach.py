"""Where a notice may go: never to this machine or its own network, unless the installation names the place.

A recipient is edited by people who may not reach these machines themselves; a webhook to 127.0.0.1 or 169.254.169.254 would
let them. Every connection is looked at where it is made, so that neither a name that points inside nor a redirect passes.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit
from urllib.request import getproxies

from models.errors import InputError
from pipeline.settings import Settings


class InternalAddressError(OSError):
    """The connection would go to this machine or to its own network."""


def internal(address: str) -> InputError:
    """Why this address is not reached, in words."""
    return InputError(
        "notices.internal",
        "{address} lies on this machine or in its own network, where notices may not go by themselves. Whoever runs Plimsoll "
        "allows it by naming it in PLIMSOLL_NOTICE_INTERNAL_HOSTS; or name another address.",
        address=address,
    )


def is_internal(address: str) -> bool:
    """Whether this IP address is one that is not reachable from anywhere: loopback, link-local, private, unspecified, …"""
    found = ipaddress.ip_address(address.partition("%")[0])
    return not (getattr(found, "ipv4_mapped", None) or found).is_global


def internal_address(host: str) -> str | None:
    """The internal address behind a host that the installation does not allow; None where it may be reached or is unknown."""
    if _is_allowed(host):
        return None
    return next(
        (address for address in _addresses(host.strip("[]")) if is_internal(address) and not _is_allowed(address)), None
    )


def check_connection(address: object) -> None:
    """Raises: InternalAddressError for a socket address that no notice may reach."""
    if not isinstance(address, tuple) or (is_internal(str(address[0])) and not _is_allowed(str(address[0]))):
        raise InternalAddressError(f"internal address {address!r}")


def _is_allowed(host: str) -> bool:
    """Named in PLIMSOLL_NOTICE_INTERNAL_HOSTS (a name, an address or a network), or a proxy of this machine's environment."""
    named = [name.strip().lower() for name in Settings().notice_internal_hosts.split(",") if name.strip()]
    proxies = [url for scheme, url in getproxies().items() if scheme != "no"]
    named += [urlsplit(url if "://" in url else f"//{url}").hostname or "" for url in proxies]
    host = host.strip("[]").lower()
    return any(host == name or _lies_in(host, name) or host in _addresses(name) for name in named if name)


def _lies_in(address: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def _addresses(host: str) -> set[str]:
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return set()
