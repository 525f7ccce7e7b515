"""Whether exported communes are a valid coverage, by an engine that shares no code with ours (GEOS).

    python coverage.py communes.geojson sample
    python coverage.py communes.geojson france

Exits with a message that names the communes at fault.
"""

import json
import sys

import shapely

CANTAL = {"15031", "15035", "15047", "15171"}  # split from 15141, on whose ground they live
COLLECTIVITIES = ("975", "977", "978", "98")  # overseas; no source at hand draws them
# The true holes: ground of another région, of another country.
HOLES = {
    "sample": {"Valréas": shapely.Point(4.9588, 44.3617)},
    "france": {"Llívia": shapely.Point(1.98, 42.465)},
}


def main(path, scope):
    with open(path, encoding="utf-8") as file:
        features = json.load(file)["features"]
    undrawn = {f["properties"]["code"] for f in features if f["geometry"] is None}
    undrawn = {code for code in undrawn if scope != "france" or not code.startswith(COLLECTIVITIES)}
    if undrawn != CANTAL:
        return f"without a shape: {sorted(undrawn)}, expected {sorted(CANTAL)}"
    drawn = [f for f in features if f["geometry"] is not None]
    codes = [f["properties"]["code"] for f in drawn]
    shapes = shapely.from_geojson([json.dumps(f["geometry"]) for f in drawn])

    invalid = [code for code, valid in zip(codes, shapely.is_valid(shapes)) if not valid]
    if invalid:
        return f"invalid polygons: {invalid}"
    if not shapely.coverage_is_valid(shapes):
        edges = shapely.coverage_invalid_edges(shapes)
        faults = [code for code, edge in zip(codes, edges) if not edge.is_empty]
        return f"gaps or overlaps along the borders of {faults}"

    region = shapely.coverage_union_all(shapes)
    parts = list(region.geoms) if region.geom_type.startswith("Multi") else [region]
    holes = [shapely.Polygon(hole) for part in parts for hole in part.interiors]
    expected = HOLES[scope]
    if len(holes) != len(expected) or not all(any(h.contains(p) for h in holes) for p in expected.values()):
        middles = [hole.representative_point().wkt for hole in holes]
        return f"holes at {middles}, expected only {sorted(expected)}"
    print(f"{len(shapes)} communes are a valid coverage in {len(parts)} part(s), with one hole")
    return None


sys.exit(main(*sys.argv[1:]))
