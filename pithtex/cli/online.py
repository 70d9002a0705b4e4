"""What the commands that may use the network share: their options, and the resolver that these make."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from pithtex.cli.common import add_key_option

if TYPE_CHECKING:
    from pithtex.keys import Keyring
    from pithtex.resolve.network import Network
    from pithtex.resolve.resolver import Resolver


def add_network_options(parser: argparse.ArgumentParser) -> None:
    """`--offline`, `--mirror`, `--timeout`, and `--key`."""
    group = parser.add_argument_group("network")
    group.add_argument("--offline", action="store_true", help="open no socket, as PITHTEX_OFFLINE=1: the store alone")
    group.add_argument(
        "--mirror",
        action="append",
        default=[],
        metavar="URL",
        help="ask this mirror, or those of this manifest (URL or file), in place of the usual; may be repeated",
    )
    group.add_argument(
        "--timeout", type=_seconds, metavar="SECONDS", help="how long one reply may take in all (default: 30)"
    )
    add_key_option(parser)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 3600:
        raise argparse.ArgumentTypeError("between 0 and 3600 seconds")
    return seconds


def network_of(args: argparse.Namespace, keyring: Keyring) -> Network | None:
    """The network as the options have it; None offline."""
    from pithtex.resolve.network import Network, offline_by_environment
    from pithtex.resolve.store import home_folder

    if args.offline or offline_by_environment():
        return None
    return Network(
        args.mirror,
        keyring,
        cache=home_folder() / "http",
        jobs=getattr(args, "jobs", 1),
        reply_seconds=args.timeout,
    )


def resolver_of(args: argparse.Namespace, keyring: Keyring, network: Network | None) -> Resolver:
    """A resolver over the user's store and that network."""
    from pithtex.resolve.resolver import Resolver
    from pithtex.resolve.store import Store

    return Resolver(Store(), keyring, None if network is None else network.hosts)
