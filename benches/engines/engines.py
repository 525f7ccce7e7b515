"""The two engines compared with: fetched as wheels, built once for each extract, asked for times.

Everything lands under a work folder and is reused: delete the folder to start again.
"""

import contextlib
import http.client
import json
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODES = ("car", "bike", "foot")
OUR_MODE = {"car": "car", "bike": "bike", "foot": "walk"}
OSRM_PROFILE = {"car": "car", "bike": "bicycle", "foot": "foot"}
VALHALLA_COSTING = {"car": "auto", "bike": "bicycle", "foot": "pedestrian"}
TABLE_SOURCES = 100  # sources of one table request


class Unavailable(Exception):
    """The engines cannot be had: no network, no such wheel, or a build that failed."""


def fetch(work):
    """Make the venv and unpack OSRM; return (venv's python, OSRM's folder)."""
    venv, osrm = work / "venv", work / "osrm"
    python = venv / "bin" / "python"
    if not (venv / "complete").exists():
        run([sys.executable, "-m", "venv", "--clear", venv])
        pip(python, "install", "--no-deps", "--requirement", HERE / "requirements.txt")
        (venv / "complete").touch()
    if not (osrm / "complete").exists():
        shutil.rmtree(osrm, ignore_errors=True)
        wheels = osrm / "wheel"
        # The wheel is for Python 3.12, its programs are for anyone.
        pip(
            python,
            "download",
            "--no-deps",
            "--python-version",
            "3.12",
            "--dest",
            wheels,
            "--requirement",
            HERE / "requirements-osrm.txt",
        )
        with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
            wheel.extractall(osrm)
        for program in (osrm / "osrm" / "bin").iterdir():
            program.chmod(0o755)
        (osrm / "complete").touch()
    return python, osrm / "osrm"


def pip(python, command, *options):
    run([python, "-m", "pip", "--disable-pip-version-check", "--quiet", command, "--only-binary=:all:", *options])


def run(command, **options):
    """Run a program quietly; its last words become the reason when it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if done.returncode != 0:
        words = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise Unavailable(f"{Path(command[0]).name} {command[1]}: {words}")
    return done.stdout


class Osrm:
    """OSRM's data for one extract and mode, and its server while in a `with`."""

    def __init__(self, folder, programs, pbf, mode):
        self.programs, self.folder, self.mode = programs, folder / f"osrm-{mode}", mode
        # Contraction hierarchies for cars; for the two others, reported only, what is quickest to prepare. Same times.
        self.algorithm = "ch" if mode == "car" else "mld"
        self.data = self.folder / "roads.osrm"
        if not (self.folder / "complete").exists():
            self.build(pbf)

    def build(self, pbf):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        copy = self.folder / "roads.osm.pbf"
        shutil.copyfile(pbf, copy)
        profile = self.programs / "share" / "profiles" / f"{OSRM_PROFILE[self.mode]}.lua"
        steps = [("extract", "--profile", profile, copy)]
        steps += (
            [("contract", self.data)]
            if self.algorithm == "ch"
            else [("partition", self.data), ("customize", self.data)]
        )
        for step, *options in steps:
            run(["nice", self.programs / "bin" / f"osrm-{step}", *options])
        copy.unlink()
        (self.folder / "complete").touch()

    def __enter__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        program = self.programs / "bin" / "osrm-routed"
        self.server = subprocess.Popen(
            [
                program,
                "--algorithm",
                self.algorithm,
                "--ip",
                "127.0.0.1",
                "--port",
                str(self.port),
                "--threads",
                "1",
                "--max-table-size",
                "1000000",
                self.data,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                self.http = http.client.HTTPConnection("127.0.0.1", self.port)
                return self
            time.sleep(0.1)
        self.__exit__()
        raise Unavailable("osrm-routed did not start")

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()

    def ask(self, service, points, **options):
        """The answer of one service at (longitude, latitude) points."""
        where = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in points)
        query = "&".join(f"{key}={value}" for key, value in {"generate_hints": "false", **options}.items())
        for attempt in (1, 2):  # the server closes a connection after a number of requests
            try:
                self.http.request("GET", f"/{service}/v1/x/{where}?{query}")
                return json.loads(self.http.getresponse().read())
            except (http.client.HTTPException, ConnectionError):
                self.http.close()
                if attempt == 2:
                    raise

    def snap_distance(self, point):
        """Metres from a point to the nearest road of this mode."""
        answer = self.ask("nearest", [point])
        return answer["waypoints"][0]["distance"] if answer["code"] == "Ok" else float("inf")

    def route(self, pair):
        """(seconds, metres) of a pair, or None."""
        answer = self.ask("route", pair, overview="false")
        return (answer["routes"][0]["duration"], answer["routes"][0]["distance"]) if answer["code"] == "Ok" else None

    def table(self, sources, targets):
        """Rows of seconds, None where there is no route."""
        rows = []
        for start in range(0, len(sources), TABLE_SOURCES):
            some = sources[start : start + TABLE_SOURCES]
            answer = self.ask(
                "table",
                some + targets,
                sources=";".join(str(i) for i in range(len(some))),
                destinations=";".join(str(len(some) + i) for i in range(len(targets))),
            )
            rows += answer["durations"]
        return rows


class Valhalla:
    """Valhalla's tiles for one extract, asked within this process."""

    def __init__(self, folder, pbf, drives_left):
        import valhalla

        self.drives_left = drives_left
        self.folder = folder / "valhalla"
        if not (self.folder / "complete").exists():
            self.build(pbf, valhalla)
        self.actor = valhalla.Actor(json.loads((self.folder / "valhalla.json").read_text()))

    def build(self, pbf, valhalla):
        shutil.rmtree(self.folder, ignore_errors=True)
        tiles, extract = self.folder / "tiles", self.folder / "tiles.tar"
        tiles.mkdir(parents=True)
        extract.touch()  # get_config refuses a path that does not exist
        config = valhalla.get_config(tile_extract=str(extract), tile_dir=str(tiles))
        config["mjolnir"]["tile_extract"] = ""
        # Without a database of countries, Valhalla drives on the left everywhere; told to expect none, on the right.
        config["mjolnir"]["data_processing"]["use_admin_db"] = self.drives_left
        for part in ("loki", "thor", "odin", "meili"):
            config[part]["logging"]["type"] = ""
        for costing in VALHALLA_COSTING.values():
            config["service_limits"][costing]["max_matrix_location_pairs"] = 1_000_000
        (self.folder / "valhalla.json").write_text(json.dumps(config))
        # Called by its path: the package's own launcher does not find it from a relative interpreter.
        program = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
        run(
            ["nice", program, "-c", self.folder / "valhalla.json", pbf], cwd=self.folder
        )  # it leaves a list where it runs
        (self.folder / "complete").touch()

    def snap_distances(self, points, mode):
        """Metres from each point to the nearest road of a mode; infinite where it snaps to a junction instead."""
        distances = []
        for start in range(0, len(points), 20):
            some = points[start : start + 20]
            request = {"locations": [locate(p) for p in some], "costing": VALHALLA_COSTING[mode], "verbose": True}
            for found in json.loads(self.actor.locate(json.dumps(request))):
                distances.append(min((edge["distance"] for edge in found["edges"] or ()), default=float("inf")))
        return distances

    def route(self, pair, mode):
        """(seconds, metres) of a pair, or None."""
        request = {"locations": [locate(p) for p in pair], "costing": VALHALLA_COSTING[mode], "directions_type": "none"}
        try:
            summary = json.loads(self.actor.route(json.dumps(request)))["trip"]["summary"]
        except RuntimeError:  # no path, or no road near a point
            return None
        return summary["time"], summary["length"] * 1000

    def table(self, sources, targets, mode):
        """Rows of seconds, None where there is no route."""
        rows = []
        for start in range(0, len(sources), TABLE_SOURCES):
            some = sources[start : start + TABLE_SOURCES]
            request = {
                "sources": [locate(p) for p in some],
                "targets": [locate(p) for p in targets],
                "costing": VALHALLA_COSTING[mode],
                "verbose": False,
            }
            rows += json.loads(self.actor.matrix(json.dumps(request)))["sources_to_targets"]["durations"]
        return rows


def locate(point):
    return {"lon": point[0], "lat": point[1]}
