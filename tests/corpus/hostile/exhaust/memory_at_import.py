# /// corpus
# exam = "answers"
# loads = false
# aim = "take all memory while being imported"
# outcomes = ["memory_exceeded", "finished", "timed_out"]
# limits = { test_wall_s = 3.0 }
# ///
TAKEN = []
while True:
    TAKEN.append(list(range(10_000)))
