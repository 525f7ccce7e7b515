"""Filters beside two twins: `filters.py SERVER` agrees, or says on which filter it does not.

Random CQL2 is sent to the server, and read by the published `cql2` package, which turns it into SQL that
SQLite evaluates (its logic is the three-valued one of the standard) on the same features. What the package
cannot read, the server must refuse; what it writes again, the server must understand the same way.
"""

import json
import random
import re
import sqlite3
import sys
import unicodedata
import urllib.error
import urllib.parse
import urllib.request

import cql2
import shapely
import shapely.geometry

SERVER = sys.argv[1]
ITEMS = f"{SERVER}/api/collections/communes/items?territory=departement:15&limit=10000"
FILTERS = 1500
WORDS = ["Saint", "Saint%", "%ac", "%é%", "_u%", "aurillac", "MAURS", "Cœur", "15014", "l'", "150%", "", "a\\%", "e"]


def features(query=""):
    with urllib.request.urlopen(ITEMS + query) as answer:
        return json.load(answer)["features"]


def ids(text):
    """Identifiers of the features that match; none when the server refuses the filter."""
    query = urllib.parse.urlencode({"filter": text, "f": "csv", "properties": "code"})
    try:
        with urllib.request.urlopen(f"{ITEMS}&{query}") as answer:
            return {int(line.split(b",")[0]) for line in answer.read().splitlines()[1:]}
    except urllib.error.HTTPError as refusal:
        problem = json.load(refusal)
        assert refusal.code == 400 and problem["parameter"] == "filter", (text, problem)
        return None


def without_accents(text):
    if text is None:
        return None
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


def intersects(shape, literal):
    if shape is None or literal is None:
        return None
    return shapely.from_wkt(shape).intersects(shapely.from_wkt(literal))


def table(rows):
    """The features in SQLite, with the functions that the package's SQL calls."""
    database = sqlite3.connect(":memory:")
    database.execute("PRAGMA case_sensitive_like = ON")
    folded = lambda text: None if text is None else text.casefold()
    database.create_function("lower", 1, folded, deterministic=True)
    database.create_function("strip_accents", 1, without_accents, deterministic=True)
    database.create_function("st_geomfromtext", 1, lambda text: text, deterministic=True)
    envelope = lambda w, s, e, n: shapely.box(w, s, e, n).wkt
    database.create_function("st_makeenvelope", 4, envelope, deterministic=True)
    database.create_function("st_intersects", 2, intersects, deterministic=True)
    names = list(rows[0]["properties"])
    database.execute(f"CREATE TABLE f ({', '.join(names)}, geometry)")
    for row in rows:
        shape = row["geometry"] and shapely.geometry.shape(row["geometry"]).wkt
        values = [*row["properties"].values(), shape]
        database.execute(f"INSERT INTO f VALUES ({', '.join('?' * len(values))})", values)
    return database


def sqlite_of(sql):
    """The package writes PostgreSQL: its escaped texts and its lists are written otherwise here."""

    def text(match):
        if not match.group().startswith("E"):
            return match.group()
        return "'" + re.sub(r"\\(.)", r"\1", match.group()[2:-1]).replace("'", "''") + "'"

    sql = re.sub(r"E'(?:[^'\\]|\\.)*'|'(?:[^']|'')*'", text, sql)
    return re.sub(r"= SOME\(ARRAY\[(.*?)\]\)", r"IN (\1)", sql)


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


class Grammar:
    def __init__(self, rows, seed):
        self.random = random.Random(seed)
        self.texts = {n: [r["properties"][n] for r in rows if r["properties"][n]] for n in ("code", "name", "epci", "nearest_venue", "method")}
        self.texts = {name: values for name, values in self.texts.items() if values}
        self.numbers = {n: [r["properties"][n] for r in rows if r["properties"][n] is not None] for n in ("population", "access_min", "beyond", "beyond_share", "fragility", "fragility_published", "apl", "venues", "id")}

    def text(self, name):
        return quoted(self.random.choice([self.random.choice(self.texts[name]), self.random.choice(WORDS)]))

    def number(self, name):
        known = self.numbers[name] or [1]
        return repr(self.random.choice([self.random.choice(known), self.random.randint(-5, 5000), round(self.random.random() * 9, 2)]))

    def property(self, of):
        return self.random.choice(sorted(of))

    def folded(self, *parts):
        fold = self.random.choice([[], [], ["CASEI"], ["ACCENTI"], ["ACCENTI", "casei"]])
        return tuple("".join(f"{f}(" for f in fold) + part + ")" * len(fold) for part in parts)

    def predicate(self):
        choose, compare = self.random.randrange(10), self.random.choice(["=", "<>", "<", ">", "<=", ">="])
        number, text, negated = self.property(self.numbers), self.property(self.texts), self.random.choice(["", "NOT "])
        match choose:
            case 0 | 1:
                return f"{number} {compare} {self.number(number)}"
            case 2:
                left, right = self.folded(text, self.text(text))
                return f"{left} {compare} {right}"
            case 3:
                left, right = self.folded(text, self.text(text))
                return f"{left} {negated}LIKE {right}"
            case 4:
                return f"{number} {negated}BETWEEN {self.number(number)} AND {self.number(number)}"
            case 5:
                return f"{number} {negated}IN ({', '.join(self.number(number) for _ in range(self.random.randint(1, 4)))})"
            case 6:
                parts = self.folded(text, *(self.text(text) for _ in range(self.random.randint(1, 4))))
                return f"{parts[0]} {negated}IN ({', '.join(parts[1:])})"
            case 7:
                return f"{self.random.choice([number, text, 'edge'])} IS {negated}NULL"
            case 8:
                return self.random.choice(["edge = TRUE", "edge <> TRUE", "TRUE", "false", f"population > {self.property(self.numbers)}", f"{self.number(number)} {compare} {number}"])
            case _:
                west, south = 2.0 + self.random.random() * 1.2, 44.6 + self.random.random() * 0.8
                east, north = west + self.random.random(), south + self.random.random() / 2
                return "S_INTERSECTS(geometry, " + self.random.choice([
                    f"BBOX({west:.4f}, {south:.4f}, {east:.4f}, {north:.4f})",
                    f"POINT({west:.4f} {south:.4f})",
                    f"POLYGON(({west:.4f} {south:.4f}, {east:.4f} {south:.4f}, {west:.4f} {north:.4f}, {west:.4f} {south:.4f}))",
                    f"LINESTRING({west:.4f} {south:.4f}, {east:.4f} {north:.4f})",
                ]) + ")"

    def filter(self, depth=3):
        if depth == 0 or self.random.random() < 0.3:
            return self.predicate()
        inner = lambda: self.filter(depth - 1)
        return self.random.choice([
            lambda: f"{inner()} AND {inner()}",
            lambda: f"{inner()} or {inner()}",
            lambda: f"({inner()} OR {inner()}) AND {inner()}",
            lambda: f"NOT ({inner()})",
        ])()

    def broken(self, text):
        """The same with a word too few or too many."""
        words = re.findall(r"'(?:[^']|'')*'|\w+|[^\w\s]+|\s+", text)
        at = self.random.randrange(len(words))
        if self.random.random() < 0.5:
            del words[at]
        else:
            words.insert(at, self.random.choice([" AND ", "(", ")", ",", " NOT ", "'", " = ", " IN ", " LIKE "]))
        return "".join(words)


def main():
    rows = features()
    assert any(r["geometry"] is None for r in rows) and any(r["properties"]["apl"] is None or r["properties"]["fragility_published"] is None for r in rows)
    database, grammar = table(rows), Grammar(rows, 7)
    kept, refused, unread = 0, 0, 0
    for _ in range(FILTERS):
        text = grammar.filter()
        expression = cql2.Expr(text)
        sql = sqlite_of(expression.to_sql())
        expected = {n for (n,) in database.execute(f"SELECT id FROM f WHERE {sql}")}
        for written in (text, expression.to_text()):
            found = ids(written)
            assert found == expected, f"{written}\n{sql}\nserver only {found and found - expected}, twin only {found is not None and expected - found}"
        kept += 0 < len(expected) < len(rows)
        bad = grammar.broken(text)
        if re.search(r"(?<![\w.])\.\d|\\'", bad):
            # The standard has `.5` and `\'`; the package does not.
            continue
        try:
            cql2.Expr(bad)
        except Exception:
            assert ids(bad) is None, f"the twin cannot read it, the server can: {bad}"
            refused += 1
        else:
            unread += ids(bad) is None
    assert kept > FILTERS / 3 and refused > FILTERS / 3, (kept, refused)
    print(f"{FILTERS} filters agree, {kept} of them keep some features and not all; {refused} broken ones are refused; {unread} are refused by the server alone")


main()
