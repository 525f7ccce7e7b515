#!/usr/bin/env bash
# Measures tiles of the communes beside martin, versatiles, tippecanoe and freestiler:
#
#     benches/peers/tiles.sh [build|quality|serve|table|all]
#
# build: time, memory and size of archives; quality: what is in their tiles; serve: requests a second and cold tiles;
# table: prints what was measured as Markdown; all (the default): one after the other. Each part keeps its results, so
# that any can be run again alone. Needs cargo, wrk (apt) and ../shared/data; on a quiet machine.
#
#     MAILLAGE_PEERS=DIR    where peers are installed, and archives and results kept: outside the tree, by default
#                           ~/.cache/maillage-peers. martin and versatiles take about 20 minutes each, once.
#     ROUNDS=5              builds of each, in turns; of those that take more than SLOW=60 seconds, 2
#     SERVE_ROUNDS=5        rounds of wrk, in turns
#     SERVERS=maillage,…    serves some only: maillage, martin, versatiles, martin-geojson, versatiles-geojson
#     DEPARTEMENT=63        a part of the communes only, to try the script
#     PYRAMID=PROGRAM       builds our archives instead of the binary `pyramid` of the benches
set -euo pipefail
cd "$(dirname "$0")/../.."

part="${1:-all}"
case "$part" in build | quality | serve | table | all) ;; *) sed -n '2,18s/^# \?//p' "$0" >&2; exit 2 ;; esac
target="$(realpath -m "${CARGO_TARGET_DIR:-target}")"
peers="$(realpath -m "${MAILLAGE_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/maillage-peers}")"
mkdir -p "$peers"

for program in versatiles martin; do
  [ -x "$peers/bin/$program" ] && continue
  case "$program" in
    versatiles) version='~5.3' features=() ;;
    # Sources of files alone: the others ask for libraries of the system.
    martin) version='~1.14' features=(--no-default-features --features pmtiles,geojson) ;;
  esac
  cargo install --root "$peers" --target-dir "$peers/target" --locked --version "$version" "${features[@]}" "$program"
done
if ! cmp -s benches/peers/requirements-tiles.txt "$peers/venv/installed"; then
  python3 -m venv "$peers/venv"
  "$peers/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary=:all: --requirement benches/peers/requirements-tiles.txt
  cp benches/peers/requirements-tiles.txt "$peers/venv/installed"
fi

if [ "$part" = build ] || [ "$part" = all ]; then
  [ -n "${PYRAMID:-}" ] || cargo build --release --package maillage-benches --bin pyramid
fi
if [ "$part" = serve ] || [ "$part" = all ]; then
  command -v wrk >/dev/null || { echo "missing: wrk (apt-get install wrk)" >&2; exit 1; }
  [ -n "${MAILLAGE:-}" ] || cargo build --release --package cli
fi

export MAILLAGE_PEERS="$peers" PYRAMID="${PYRAMID:-$target/release/pyramid}" MAILLAGE="${MAILLAGE:-$target/release/maillage}"
python="$peers/venv/bin/python"
for step in build quality serve table; do
  if [ "$part" = "$step" ] || [ "$part" = all ]; then
    "$python" "benches/peers/tiles_$step.py"
  fi
done
