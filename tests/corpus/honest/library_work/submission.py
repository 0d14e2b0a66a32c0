# /// corpus
# entry_points = ["top", "insert", "grouped", "stats", "round_trip", "merged", "parsed", "graph_order"]
# ///
import bisect
import csv
import heapq
import io
import itertools
import json
import statistics
from graphlib import TopologicalSorter
from operator import itemgetter


def top(values, count):
    return heapq.nlargest(count, values, key=itemgetter(1))


def insert(values, value):
    bisect.insort(values, value)
    return bisect.bisect_left(values, value)


def grouped(words):
    return {letter: list(group) for letter, group in itertools.groupby(sorted(words), key=lambda word: word[0])}


def stats(values):
    return {
        "mean": statistics.fmean(values),
        "median": statistics.median(values),
        "mode": statistics.mode(values),
        "deviation": round(statistics.pstdev(values), 6),
    }


def round_trip(value):
    return json.loads(json.dumps(value, sort_keys=True, indent=2))


def merged(*lists):
    return list(heapq.merge(*lists))


def parsed(text):
    return list(csv.DictReader(io.StringIO(text)))


def graph_order(graph):
    return list(TopologicalSorter(graph).static_order())
