# /// corpus
# entry_points = []
# program = true
# ///
import sys

seen = {}
while True:
    try:
        line = input("> " if "--prompt" in sys.argv else "")
    except EOFError:
        break
    match line.split():
        case ["set", name, value]:
            seen[name] = value
        case ["get", name]:
            print(seen.get(name, "unset"))
        case ["quit"]:
            raise SystemExit("bye")
        case ["fail"]:
            raise KeyError("failed")
        case ["leave", status]:
            exit(int(status))
        case _:
            sys.stdout.write(f"what is {line!r}?\n")
            sys.stdout.flush()
