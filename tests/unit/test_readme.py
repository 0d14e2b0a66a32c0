"""What the README says of settings and targets is so."""

import re
from pathlib import Path

from scripts.settings_table import filled

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def test_the_table_of_settings_is_the_one_the_server_reads() -> None:
    assert filled(README) == README
    assert "| `MAX_CONCURRENT_ENVS` |" in README


def test_every_target_the_documents_name_exists() -> None:
    targets = set(re.findall(r"(?m)^([a-z][a-z0-9-]*):", (ROOT / "Makefile").read_text()))
    documents = README + (ROOT / "CONTRIBUTING.md").read_text()

    named = set(re.findall(r"(?:^|`)make ([a-z][a-z0-9-]*)", documents, flags=re.MULTILINE))

    assert named
    assert named <= targets


def test_every_local_link_leads_somewhere() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", README)

    assert linked
    assert [link for link in linked if not (ROOT / link).exists()] == []
