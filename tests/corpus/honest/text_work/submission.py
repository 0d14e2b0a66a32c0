# /// corpus
# entry_points = ["words", "slug", "wrapped", "report", "caesar", "encoded", "shortened", "fields"]
# ///
import re
import string
import textwrap
import unicodedata
from string import Template


def words(text):
    return re.findall(r"[^\W\d_]+", text.lower())


def slug(text):
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def wrapped(text, width):
    return textwrap.fill(textwrap.dedent(text), width=width)


def report(rows):
    lines = [f"{name:<8}|{amount:>8,.2f}|{share:>6.1%}" for name, amount, share in rows]
    return "\n".join([f"{'name':^8}|{'amount':^8}|{'share':^6}", *lines])


def caesar(text, shift):
    letters = string.ascii_lowercase
    return text.translate(str.maketrans(letters, letters[shift:] + letters[:shift]))


def encoded(text):
    return text.encode("utf-16-le").hex(), ascii(text), text.encode("idna" if text.isalpha() else "utf-8")


def shortened(text, width):
    return textwrap.shorten(text, width, placeholder="…")


def fields(template, **values):
    return Template(template).safe_substitute(values)
