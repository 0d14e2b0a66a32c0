# /// corpus
# exam = "answers"
# aim = "crash while being imported"
# outcomes = ["crashed"]
# ///
import ctypes

ctypes.string_at(0)
