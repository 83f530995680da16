"""Starts the official client's own command line, pointed at another platform.

The client has its hosts as constants, so they are set here before the modules that copy them are imported. Everything else of
the client runs as it was published.

    VCLOUD_PLATFORM_HOST=http://localhost:8080 VCLOUD_NODE_HOST=http://localhost:8080/node python vcloud.py market list-providers
"""

import importlib
import os
import signal
import socket
import sys

# The client imports each of its modules under two names; both are modules of their own, with constants of their own.
PACKAGES = ("market_place_cli.v_cloud_market_cli_common", "v_cloud_market_cli_common")


def resolve_localhost_names():
    """Make every name under `localhost` the loopback address, as browsers do and most C libraries do not."""
    resolve = socket.getaddrinfo

    def getaddrinfo(host, *arguments, **options):
        name = host.decode("ascii") if isinstance(host, bytes) else host
        if name is not None and (name == "localhost" or name.endswith(".localhost")):
            host = "127.0.0.1"
        return resolve(host, *arguments, **options)

    socket.getaddrinfo = getaddrinfo


def assign(module, name, value):
    """Set a constant of the client, and fail where this version of it has no such constant."""
    getattr(module, name)
    setattr(module, name, value)


def set_hosts(platform, node):
    """Point the client at a platform and at a node, the same one for both networks."""
    for package in PACKAGES:
        assign(importlib.import_module(package + ".config.server_config"), "PLATFORM_HOST", platform)
        chain = importlib.import_module(package + ".utils.vsyschain")
        for constant in ("DEFAULT_NODE", "DEFAULT_TESTNET_NODE"):
            assign(chain.setting, constant, node)
        # The nodes above are also held by the default arguments of these, which were evaluated at import.
        for network in (chain.mainnet_chain, chain.testnet_chain):
            assign(network.__defaults__[0], "nodeHost", node)


def main():
    # A shell starts background jobs with Ctrl-C ignored, and children inherit that; somebody at a terminal can press it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    resolve_localhost_names()
    set_hosts(os.environ["VCLOUD_PLATFORM_HOST"], os.environ["VCLOUD_NODE_HOST"])
    sys.argv[0] = "vcloud"
    from market_place_cli.main_logic import start

    start()


if __name__ == "__main__":
    main()
