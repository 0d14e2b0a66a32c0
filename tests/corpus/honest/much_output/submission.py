# /// corpus
# entry_points = ["table", "logged"]
# ///
import logging
import sys

logging.basicConfig(stream=sys.stderr, level=logging.DEBUG, format="%(levelname)s:%(message)s")
log = logging.getLogger(__name__)


def table(rows):
    for row in range(rows):
        print(*(row * column for column in range(10)), sep="\t")
    return rows


def logged(count):
    for number in range(count):
        log.debug("number %d", number)
    log.warning("done")
    return count
