# /// corpus
# entry_points = ["ranked", "by_length", "natural"]
# ///
import re


def ranked(rows):
    return sorted(rows, key=lambda row: (-row["score"], row["name"]))


def by_length(words):
    words.sort(key=len, reverse=True)
    return words


def natural(names):
    return sorted(names, key=lambda name: [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)])
