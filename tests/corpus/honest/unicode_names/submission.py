# /// corpus
# entry_points = ["größe", "площадь", "面積", "naïve_café"]
# ///
π = 3.14159


def größe(wörter):
    return {wort: len(wort) for wort in wörter}


def площадь(радиус):
    return π * радиус**2


def 面積(幅, 高さ=2):
    return 幅 * 高さ


def naïve_café(text):
    return text[::-1].casefold() + "\N{SNOWMAN}" + "👩‍👩‍👧"
