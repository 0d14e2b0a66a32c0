# /// corpus
# exam = "report"
# aim = "leave with status 0 and no output"
# ///
import sys

sys.exit(0)
