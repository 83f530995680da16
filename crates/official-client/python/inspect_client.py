"""Asks the installed client about itself.

    python inspect_client.py commands                    its commands, one a line: path, tab, options (forms joined by /)
    python inspect_client.py unseal PRIVATE_KEY SEALED   the text of a sealed field, opened by the client's own code
"""

import sys


def leaves(command, path):
    """Path and options of the commands below a group; a command that is no group is its own only leaf."""
    children = getattr(command, "commands", None)
    if children is None:
        forms = [parameter.opts + parameter.secondary_opts for parameter in command.params]
        yield path, ["/".join(names) for names in forms if names[0].startswith("-")]
        return
    for name in sorted(children):
        yield from leaves(children[name], path + [name])


def main():
    if sys.argv[1] == "commands":
        from market_place_cli.main_logic import start

        for path, options in leaves(start, []):
            print(" ".join(path) + "\t" + " ".join(options))
    elif sys.argv[1] == "unseal":
        from market_place_cli.v_cloud_market_cli_common.utils.message_decipher import decrypt_message

        print(decrypt_message(sys.argv[2], sys.argv[3]))
    else:
        sys.exit("unknown question: " + sys.argv[1])


if __name__ == "__main__":
    main()
