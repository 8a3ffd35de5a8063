"""Who really asks, where a proxy stands in between.

A connection from this machine is its operator's only if no proxy passes it on: what a proxy says of others
(X-Forwarded-For, -Proto, -Host) is believed of those in RESIGHT_TRUSTED_PROXIES only, and whatever says that there is
a proxy at all ends the console without sign-in.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from web.context import settings

type Network = IPv4Network | IPv6Network
type Ip = IPv4Address | IPv6Address

FOR, PROTO, HOST = "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"
SIGNS = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip", "cdn-loop"})
FAMILIES = ("x-forwarded", "x-original-", "x-envoy-", "x-proxy", "cf-", "fastly-", "fly-", "tailscale-", "x-arr-")
"""Beginnings of headers that only proxies and the services before them send."""
LONGEST_HOST = 255


def client_of(request: web.Request) -> str:
    """Return the address that asks: the last one that no proxy of ours has added."""
    trusted, peer = settings(request).proxies, request.remote or ""
    if not _is_among(peer, trusted):
        return peer
    for hop in reversed(",".join(request.headers.getall(FOR, [])).split(",")):
        address = _address(hop)
        if address is None:
            break  # what stands further left was not written by a proxy of ours
        peer = str(address)
        if not _is_among(peer, trusted):
            break
    return peer


def is_secure(request: web.Request) -> bool:
    """Return whether the browser speaks TLS, to us or to a proxy of ours."""
    return request.secure or (_is_ours(request) and request.headers.get(PROTO, "").strip().lower() == "https")


def host_of(request: web.Request) -> str:
    """Return the host name under which the browser knows us."""
    forwarded = request.headers.get(HOST, "").strip() if _is_ours(request) else ""
    return (forwarded or request.host)[:LONGEST_HOST]


def is_passed_on(request: web.Request) -> bool:
    """Return whether anything shows that a proxy stands in between.

    Signs are a proxy's headers; HTTP/1.0, which a plain `proxy_pass` of nginx speaks, and no browser; a connection that
    is no browser's; a page of ours that the browser knows by another name.
    """
    if settings(request).proxies or request.version < (1, 1) or any(map(_is_sign, request.headers)):
        return True
    if _is_hop(request):
        return True
    is_link = request.headers.get("Sec-Fetch-Site") == "cross-site"  # from somebody else's page to ours
    return not is_link and _is_elsewhere(request.headers.get(hdrs.REFERER))


def _is_sign(name: str) -> bool:
    """Return whether such a header comes from a proxy."""
    name = name.lower()
    return name in SIGNS or name.startswith(FAMILIES)


def _is_hop(request: web.Request) -> bool:
    """Return whether the connection is held as proxies hold theirs, and no browser does.

    nginx with `proxy_http_version 1.1` says `Connection: close`, with the lines for WebSockets that everybody copies
    `upgrade` without an Upgrade.
    """
    options = {option.strip().lower() for option in request.headers.get(hdrs.CONNECTION, "").split(",")}
    return "close" in options or ("upgrade" in options and hdrs.UPGRADE not in request.headers)


def is_loopback(name: str) -> bool:
    """Return whether a host name can only mean this machine."""
    if name.lower() == "localhost":
        return True
    address = _address(name)
    return address is not None and address.is_loopback


def _is_elsewhere(url: str | None) -> bool:
    try:
        name = urlsplit(url or "").hostname
    except ValueError:
        return True
    return bool(name) and not is_loopback(str(name))


def _is_ours(request: web.Request) -> bool:
    return _is_among(request.remote or "", settings(request).proxies)


def _is_among(peer: str, networks: Sequence[Network]) -> bool:
    address = _address(peer)
    return address is not None and any(address in network for network in networks)


def _address(text: str) -> Ip | None:
    """Return the address, also of "[::1]:80" and "1.2.3.4:80"; one of IPv4 in IPv6 counts as the former."""
    text = text.strip().strip('"')
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    bare = bare.partition(":")[0] if bare.count(":") == 1 else bare
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
