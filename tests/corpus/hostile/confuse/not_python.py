# /// corpus
# exam = "answers"
# loads = false
# aim = "be a text that does not compile"
# ///
def solve(index:
    return 7919
