"""Whether exported communes are a valid coverage, by an engine that shares no code with ours (GEOS).

    python coverage.py communes.geojson

Exits with a message that names the communes at fault.
"""

import json
import sys

import shapely

VALREAS = shapely.Point(4.9588, 44.3617)  # an enclave of Vaucluse: the one true hole
UNDRAWN = {"15031", "15035", "15047", "15171"}


def main(path):
    with open(path, encoding="utf-8") as file:
        features = json.load(file)["features"]
    undrawn = {f["properties"]["code"] for f in features if f["geometry"] is None}
    if undrawn != UNDRAWN:
        return f"without a shape: {sorted(undrawn)}, expected {sorted(UNDRAWN)}"
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
    if len(holes) != 1 or not holes[0].contains(VALREAS):
        middles = [hole.representative_point().wkt for hole in holes]
        return f"holes at {middles}, expected one, around Valréas"
    print(f"{len(shapes)} communes are a valid coverage in {len(parts)} part(s), with one hole")
    return None


sys.exit(main(sys.argv[1]))
