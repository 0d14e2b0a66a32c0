# /// corpus
# entry_points = []
# program = true
# ///
import collections
import fileinput
import os
import sys

counts = collections.Counter()
for line in fileinput.input(files=("-",)):
    counts.update(line.split())
width = max(map(len, counts), default=0)
for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
    print(f"{word:<{width}} {count}")
print(os.path.basename(sys.argv[0]) != "", len(sys.argv), __name__, file=sys.stderr)
