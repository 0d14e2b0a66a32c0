# /// corpus
# exam = "answers"
# aim = "define nothing at all"
# ///
