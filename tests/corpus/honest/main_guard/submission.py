#!/usr/bin/env python3
# /// corpus
# entry_points = ["parse", "module_name", "loaded"]
# ///
"""A script that is a module as well."""

import argparse
import sys

LOADED = []


def parse(arguments):
    parser = argparse.ArgumentParser(prog="tool")
    parser.add_argument("names", nargs="+")
    parser.add_argument("--loud", action="store_true")
    chosen = parser.parse_args(arguments)
    return [name.upper() if chosen.loud else name for name in chosen.names]


def module_name():
    return __name__


def loaded():
    return list(LOADED)


def main():
    LOADED.append("main")
    print(*parse(sys.argv[1:]))
    sys.exit(3)


LOADED.append("module")
if __name__ == "__main__":
    main()
