# /// corpus
# exam = "answers"
# aim = "define the entry point as something that can not be called"
# ///

solve = 7919
