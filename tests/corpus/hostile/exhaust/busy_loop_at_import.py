# /// corpus
# exam = "answers"
# aim = "never finish being imported"
# outcomes = ["timed_out"]
# ///
while True:
    pass
