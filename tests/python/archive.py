"""PMTiles archives as others read them: the format's own library, and GDAL (3.12, in the wheel of pyogrio).

archive.py list FILE                      header, metadata and every tile: address, SHA-256 of its bytes
archive.py show FILE                      what the command of the format prints
archive.py features FILE LAYER ZOOM BOX   codes of the features GDAL finds at a zoom in west,south,east,north
"""

import gzip
import hashlib
import json
import pathlib
import subprocess
import sys

import numpy
import pyogrio
from pmtiles.reader import MmapSource, Reader, all_tiles


def listed(path):
    with open(path, "rb") as file:
        source = MmapSource(file)
        reader = Reader(source)
        tiles = {}
        for (z, x, y), content in all_tiles(source):
            # By its address too, as a client asks: the directories must lead to the same bytes.
            assert reader.get(z, x, y) == content, f"{z}/{x}/{y}"
            tiles[f"{z}/{x}/{y}"] = hashlib.sha256(gzip.decompress(content)).hexdigest()
        header = {name: getattr(value, "name", value) for name, value in reader.header().items()}
        return {"header": header, "metadata": reader.metadata(), "tiles": tiles}


def features(path, layer, zoom, box):
    # GDAL reads tiles in Web Mercator; the box is asked in degrees.
    def mercator(lon, lat):
        radius = 6378137.0
        return radius * numpy.radians(lon), radius * numpy.log(numpy.tan(numpy.pi / 4 + numpy.radians(lat) / 2))

    west, south, east, north = (float(degrees) for degrees in box.split(","))
    bounds = (*mercator(west, south), *mercator(east, north))
    meta, _, shapes, columns = pyogrio.raw.read(path, layer=layer, bbox=bounds, columns=["code"], ZOOM_LEVEL=zoom)
    codes = sorted(set(columns[0]))
    layers = sorted(name for name, _ in pyogrio.list_layers(path))
    return {"codes": codes, "layers": layers, "crs": meta["crs"], "shapes": len(shapes)}


def show(path):
    command = pathlib.Path(sys.executable).with_name("pmtiles-show")
    return subprocess.run([command, path], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    print(json.dumps({"list": listed, "show": show, "features": features}[command](*arguments)))
