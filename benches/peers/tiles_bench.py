"""What the parts of tiles.sh share: where things are, the communes, results, and reading an archive."""

import gzip
import json
import math
import os
import pathlib

from pmtiles.reader import MmapSource, Reader, all_tiles

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PEERS = pathlib.Path(os.environ["MAILLAGE_PEERS"])
DEPARTEMENT = os.environ.get("DEPARTEMENT", "")
WORK = PEERS / ("work" + DEPARTEMENT)
COMMUNES = REPOSITORY / "../shared/data/territory/communes-2025.geojsonl.gz"
ATTRIBUTES = ["code", "nom", "dep", "epci", "pop"]

# The communes alone as all can build them, and what each shows of the country at every zoom.
TABLES = {"alike": (7, 12), "whole": (0, 12)}

WORK.mkdir(parents=True, exist_ok=True)


def communes():
    """The same communes for all, one GeoJSON feature a line and as one collection, with their five attributes."""
    lines, collection = WORK / "communes.geojsonl", WORK / "communes.geojson"
    if not collection.exists():
        with gzip.open(COMMUNES, "rt", encoding="utf-8") as source:
            features = [line.rstrip("\n") for line in source]
        if DEPARTEMENT:
            features = [line for line in features if json.loads(line)["properties"]["dep"] == DEPARTEMENT]
        assert features and all(list(json.loads(line)["properties"]) == ATTRIBUTES for line in features[:100])
        lines.write_text("\n".join(features) + "\n", encoding="utf-8")
        whole = '{"type":"FeatureCollection","features":[\n' + ",\n".join(features) + "\n]}\n"
        collection.write_text(whole, encoding="utf-8")
    return lines, collection


def keep(part, results):
    (WORK / f"{part}.json").write_text(json.dumps(results, indent=1), encoding="utf-8")


def kept(part):
    path = WORK / f"{part}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def archive(table, tool):
    return WORK / f"{table}-{tool}.pmtiles"


class Archive:
    """Tiles of a PMTiles archive, as stored."""

    def __init__(self, path):
        self.file = open(path, "rb")
        self.source = MmapSource(self.file)
        self.reader = Reader(self.source)
        compression = self.reader.header()["tile_compression"].name
        assert compression == "GZIP", f"{path}: {compression}"

    def tile(self, z, x, y):
        """Uncompressed, none where there is none."""
        data = self.reader.get(z, x, y)
        return gzip.decompress(data) if data else None

    def sizes(self):
        """Compressed size by tile."""
        return {at: len(data) for at, data in all_tiles(self.source)}


def column_row(lon, lat, z):
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * 2**z), int(y * 2**z)
