"""What every guest finds imported: the common standard library, so that a fork suffices."""

import _sitebuiltins
import abc
import bisect
import builtins
import collections.abc
import contextlib
import copy
import dataclasses
import datetime
import decimal
import difflib
import enum
import fractions
import functools
import heapq
import io
import itertools
import json
import linecache
import math
import operator
import random
import re
import string
import textwrap
import threading
import time
import traceback
import types
import typing
import unittest
import warnings
import zoneinfo


def give_site_names() -> None:
    """Define `exit` and `quit`, which scripts use and only the `site` module would bring."""
    builtins.exit = _sitebuiltins.Quitter("exit", "Ctrl-D (i.e. EOF)")
    builtins.quit = _sitebuiltins.Quitter("quit", "Ctrl-D (i.e. EOF)")
