"""Asks the installed client about itself.

    python inspect_client.py commands                    the path of each of its commands, one a line
    python inspect_client.py unseal PRIVATE_KEY SEALED   the text of a sealed field, opened by the client's own code
"""

import sys


def leaves(command, path):
    """The paths of the commands below a group; a command that is no group is its own only leaf."""
    children = getattr(command, "commands", None)
    if children is None:
        yield path
        return
    for name in sorted(children):
        yield from leaves(children[name], path + [name])


def main():
    if sys.argv[1] == "commands":
        from market_place_cli.main_logic import start

        for path in leaves(start, []):
            print(" ".join(path))
    elif sys.argv[1] == "unseal":
        from market_place_cli.v_cloud_market_cli_common.utils.message_decipher import decrypt_message

        print(decrypt_message(sys.argv[2], sys.argv[3]))
    else:
        sys.exit("unknown question: " + sys.argv[1])


if __name__ == "__main__":
    main()
