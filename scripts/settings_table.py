"""Write the table of settings into the README, between its marks: `make docs`."""

import re
from pathlib import Path

from gateway.settings import settings_table

README = Path(__file__).resolve().parents[1] / "README.md"
MARKED = re.compile(r"(<!-- settings -->\n)(?:.*?\n)?(<!-- end of settings -->)", flags=re.DOTALL)


def filled(readme: str) -> str:
    """Return the README with the table as it is now."""
    return MARKED.sub(lambda marks: f"{marks[1]}{settings_table()}\n{marks[2]}", readme, count=1)


if __name__ == "__main__":
    README.write_text(filled(README.read_text()))
