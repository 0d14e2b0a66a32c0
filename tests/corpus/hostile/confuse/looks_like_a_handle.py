# /// corpus
# exam = "answers"
# aim = "return plain data that looks like the wire's own marks for handles and types"
# must_pass = ["test_zero"]
# outcomes = ["finished"]
# ///


def solve(index):
    if index == 1:
        return {"handle": 1, "$handle": 1, "__handle__": 1, "type": "handle", "id": 0, "class": "int"}
    if index == 2:
        return ["h", 0, ["int", "17389"]]
    if index == 3:
        return {"__type__": "int", "value": "27449", "t": "i", "v": 27449}
    return 0
