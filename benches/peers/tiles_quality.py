"""What is in the tiles of each archive, by one decoder and GEOS for all: gaps, overlaps, invalid polygons, weight,
features kept. tiles.sh calls it.

Of each zoom the tile judged is the same for all: the one that most communes stand in. Holes are the ground at least 16
units inland (a pixel of 256) that no polygon of the tile covers. Rings are read as they come, so that a tile that
breaks the format is still judged.
"""

import json
import sys

import numpy as np
import shapely
from tiles_bench import DEPARTEMENT, REPOSITORY, TABLES, WORK, Archive, archive, column_row, communes, keep

sys.path.insert(0, str(REPOSITORY / "tests/python"))
from tiles import INLAND, Ground, fields, varints  # noqa: E402

lines, collection = communes()


def rings(commands):
    """Closed rings as they come, of any length, whatever the order of their commands."""
    numbers = varints(commands).astype(np.int64)
    at, pen, found = 0, np.zeros(2, dtype=np.int64), []
    while at < len(numbers):
        command, count = int(numbers[at]) & 7, int(numbers[at]) >> 3
        at += 1
        if command in (1, 2):
            steps = numbers[at : at + 2 * count].reshape(-1, 2)
            points = pen + np.cumsum((steps >> 1) ^ -(steps & 1), axis=0)
            pen, at = points[-1], at + 2 * count
            if command == 1:
                found.append([])
            found[-1].append(points)
    return [np.concatenate(ring) for ring in found]


def shape(commands):
    """A feature's polygon, and how many of its rings are none: fewer than three vertices, or no area."""
    polygons, degenerate = [], 0
    for ring in rings(commands):
        (x, y), (u, v) = ring.T, np.roll(ring, -1, axis=0).T
        area = (x * v - u * y).sum()
        if len(ring) < 3 or area == 0:
            degenerate += 1
        elif area > 0 or not polygons:
            polygons.append((ring, []))
        else:
            polygons[-1][1].append(ring)
    return shapely.MultiPolygon(polygons), degenerate


# Ours shows territories the wider, the smaller the zoom; the others communes at every zoom.
LAYERS = [b"communes", b"epcis", b"departements", b"regions"]


def finest(tile):
    """The fields of the layer of a tile with the smallest territories, none if it has none."""
    layers = {}
    for _, layer in fields(tile):
        parts = list(fields(layer))
        layers[dict(parts)[1]] = parts
    return next((layers[name] for name in LAYERS if name in layers), [])


def territories(parts, shapes=True):
    """Code and shape of each feature of a layer."""
    keys = [value.decode() for number, value in parts if number == 3]
    # Some write a value that holds nothing.
    values = [next(fields(value), (0, None))[1] for number, value in parts if number == 4]
    for number, value in parts:
        if number == 2:
            feature = dict(fields(value))
            tags = varints(feature.get(2, b"")).reshape(-1, 2)
            code = next((values[int(v)] for k, v in tags if keys[int(k)] == "code"), feature.get(1))
            yield code, shape(feature[4]) if shapes else None


def judge(parts, ground, at):
    """Features, invalid polygons, holes and overlaps in hundredths of the ground."""
    found = list(territories(parts))
    shapes = np.array([polygon for _, (polygon, _) in found])
    invalid = int((~shapely.is_valid(shapes)).sum())
    degenerate = sum(n for _, (_, n) in found)
    scale = 4096 / dict(parts).get(5, 4096)
    shapes = shapely.make_valid(shapely.transform(shapes, lambda points: points * scale))
    union = shapely.union_all(shapes)
    # Some draw no buffer: the tile alone is judged.
    square = shapely.box(0, 0, 4096, 4096)
    inland = shapely.intersection(shapely.buffer(ground.inside(*at), -INLAND, quad_segs=1), square)
    cut = shapely.intersection(shapes, square)
    covered = shapely.area(shapely.intersection(union, square))
    return {
        "layer": dict(parts)[1].decode(),
        "features": len({code for code, _ in found}),
        "invalid": invalid,
        "degenerate": degenerate,
        "holes": 100 * shapely.area(shapely.difference(inland, union)) / max(shapely.area(inland), 1),
        "overlap": 100 * (shapely.area(cut).sum() - covered) / max(covered, 1),
    }


def densest(z):
    """The tile that most communes stand in, and how many."""
    columns, rows = zip(*(column_row(lon, lat, z) for lon, lat in middles))
    tiles, counts = np.unique(np.column_stack([columns, rows]), axis=0, return_counts=True)
    x, y = tiles[counts.argmax()]
    return (z, int(x), int(y)), int(counts.max())


features = json.loads(collection.read_text(encoding="utf-8"))["features"]
drawn = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
middles = shapely.get_coordinates(shapely.point_on_surface(drawn))
ground = Ground(collection)
results = {"communes": len(features), "departement": DEPARTEMENT}
for table, (low, high) in TABLES.items():
    results[table] = {}
    for path in sorted(WORK.glob(f"{table}-*.pmtiles")):
        tool = path.stem.removeprefix(f"{table}-")
        tiles = Archive(archive(table, tool))
        sizes = tiles.sizes()
        at_7 = (finest(tiles.tile(*at)) for at in sizes if at[0] == 7)
        kept_at_7 = {code for parts in at_7 for code, _ in territories(parts, shapes=False)}
        zooms = {}
        for z in range(low, high + 1):
            at, stand = densest(z)
            tile = tiles.tile(*at)
            weights = sorted(size for (zoom, _, _), size in sizes.items() if zoom == z)
            zooms[z] = {"tile": "/".join(map(str, at)), "communes": stand, "worst": weights[-1] if weights else 0}
            parts = finest(tile) if tile else []
            if parts:
                zooms[z] |= judge(parts, ground, at)
        results[table][tool] = {"kept_at_7": len(kept_at_7), "tiles": len(sizes), "zooms": zooms}
        keep("quality", results)
        print(f"{table} {tool}: judged", file=sys.stderr)
