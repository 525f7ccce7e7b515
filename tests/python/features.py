"""Other people's clients: `features.py SERVER GPKG` reads every commune with OWSLib, and a GeoPackage of all
communes with the GDAL of pyogrio; both must hold what the server's GeoJSON holds.
"""

import json
import sys
import urllib.request

import pyogrio.raw
import shapely
import shapely.geometry
from owslib.ogcapi.features import Features

SERVER, GPKG = sys.argv[1:]


def whole():
    with urllib.request.urlopen(f"{SERVER}/api/collections/communes/items?limit=10000") as answer:
        return {feature["id"]: feature for feature in json.load(answer)["features"]}


def by_owslib():
    api = Features(f"{SERVER}/api")
    assert "communes" in api.feature_collections(), api.feature_collections()
    assert any(c.endswith("ogcapi-features-1/1.0/conf/core") for c in api.conformance()["conformsTo"])
    assert "population" in api.collection_queryables("communes")["properties"]
    found, offset = {}, 0
    while True:
        page = api.collection_items("communes", limit=500, offset=offset)
        found.update({feature["id"]: feature for feature in page["features"]})
        offset += page["numberReturned"]
        if not any(link["rel"] == "next" for link in page["links"]):
            assert page["numberMatched"] == len(found)
            return found


def main():
    expected = whole()
    found = by_owslib()
    strip = lambda features: {n: (f["properties"], f["geometry"]) for n, f in features.items()}
    assert strip(found) == strip(expected), "OWSLib"

    meta, ids, shapes, columns = pyogrio.raw.read(GPKG, layer="communes", return_fids=True)
    assert str(meta["crs"]) == "EPSG:4326", meta["crs"]
    assert set(ids.tolist()) == set(expected)
    for rank, n in enumerate(ids.tolist()):
        feature = expected[n]
        for name, column in zip(meta["fields"], columns):
            value, wanted = column[rank], feature["properties"][name]
            if wanted is None:
                assert value is None or value != value, (n, name, value)
            else:
                assert value == wanted, (n, name, value, wanted)
        shape = shapely.from_wkb(shapes[rank]) if shapes[rank] else None
        if feature["geometry"] is None:
            assert shape is None, n
        else:
            assert shape.equals_exact(shapely.geometry.shape(feature["geometry"])), n
    undrawn = sum(feature["geometry"] is None for feature in expected.values())
    print(f"{len(found)} communes by OWSLib, {len(ids)} in the GeoPackage, {undrawn} of them not drawn")


main()
