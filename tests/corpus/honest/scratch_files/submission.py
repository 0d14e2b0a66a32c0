# /// corpus
# entry_points = ["copy_lines", "temporary", "folders", "database", "zipped"]
# ///
import os
import pathlib
import shutil
import sqlite3
import tempfile
import zipfile


def copy_lines(lines):
    path = pathlib.Path("lines.txt")
    path.write_text("\n".join(lines), encoding="utf-8")
    with path.open(encoding="utf-8") as file:
        read = [line.rstrip("\n") for line in file]
    path.unlink()
    return read


def temporary(text):
    with tempfile.NamedTemporaryFile("w+", suffix=".txt") as file:
        file.write(text)
        file.flush()
        file.seek(0)
        first = file.read()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a", "b")
        os.makedirs(path)
        with open(os.path.join(path, "c"), "w") as file:
            file.write(text)
        found = [name for _, _, names in os.walk(folder) for name in names]
    return first, found, os.path.exists(folder)


def folders(names):
    for name in names:
        os.makedirs(name, exist_ok=True)
    listed = sorted(os.listdir("."))
    for name in names:
        shutil.rmtree(name)
    return [name for name in listed if name in names]


def database(rows):
    with sqlite3.connect(":memory:") as connection:
        connection.execute("create table marks (name text, mark integer)")
        connection.executemany("insert into marks values (?, ?)", rows)
        return connection.execute("select name, sum(mark) from marks group by name order by name").fetchall()


def zipped(text):
    with zipfile.ZipFile("archive.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("text.txt", text)
    with zipfile.ZipFile("archive.zip") as archive:
        read = archive.read("text.txt").decode()
    os.remove("archive.zip")
    return read
