#!/usr/bin/env bash
# Measures the search for the nearest target of every node beside scipy, networkit and pandana, on a made-up
# country: benches/peers/run.sh [NODES [TARGETS [ROUNDS [NAME...]]]], a million nodes unless told, and all peers
# unless some are named. Run from anywhere.
set -euo pipefail
cd "$(dirname "$0")/../.."

target="${CARGO_TARGET_DIR:-target}"
peers="$target/peers"
nodes="${1:-1000000}"
targets="${2:-5000}"
rounds="${3:-5}"

if [ ! -e "$peers/venv/installed" ]; then
  python3 -m venv "$peers/venv"
  "$peers/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary=:all: --requirement benches/peers/requirements.txt
  touch "$peers/venv/installed"
fi
cargo build --release --package maillage-benches --bin synthetic_country --bin nearest_peers
"$target/release/synthetic_country" "$peers/country.bin" "$nodes" "$targets"
"$peers/venv/bin/python" benches/peers/nearest.py "$target/release/nearest_peers" "$peers/country.bin" "$rounds" "${@:4}"
