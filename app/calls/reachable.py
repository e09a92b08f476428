"""Which machines something may be sent to that somebody else has named: public ones alone. Pure."""

from ipaddress import IPv4Address, IPv6Address, ip_address

LOCAL_NAMES = ("localhost", "local", "internal", "localdomain", "home.arpa", "test", "invalid", "onion")
"""Ends of names that no public machine has."""


def is_public_address(address: str) -> bool:
    """Whether an IP address is one of the open internet, also where it is wrapped into one of version 6."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(each.is_global and not each.is_multicast for each in _unwrapped(found))


def _unwrapped(found: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """The address, and those of version 4 that it stands for."""
    inner: list[IPv4Address | IPv6Address] = [found]
    if isinstance(found, IPv6Address):
        inner += [each for each in (found.ipv4_mapped, found.sixtofour) if each is not None]
        if found.teredo is not None:
            inner += list(found.teredo)
        if found.packed.startswith(b"\x00\x64\xff\x9b"):
            # A gateway between the versions hands it on to the last four bytes.
            inner.append(IPv4Address(found.packed[-4:]))
        if inner[1:] and found.ipv4_mapped is not None:
            inner = inner[1:]
    return inner


def is_public_host(host: str) -> bool:
    """Whether a name could be that of a public machine; an address must be public itself."""
    name = host.lower().rstrip(".")
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        # An address can be written in many ways that a resolver still takes: 0x7f.1, 2130706433.
        last = name.rsplit(".", 1)[-1]
        return (
            "." in name
            and not last[:1].isdigit()
            and not any(name == each or name.endswith(f".{each}") for each in LOCAL_NAMES)
        )
    return is_public_address(name.strip("[]"))
