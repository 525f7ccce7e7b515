#!/usr/bin/env bash
# Measures `items?limit=10` on our server and on tipg, with the same communes: benches/peers/items.sh [ROUNDS].
# Needs wrk, ogr2ogr and PostgreSQL with PostGIS (apt: wrk gdal-bin postgresql postgresql-15-postgis-3), and,
# when root calls it, the user `postgres` that apt makes. Run from anywhere, on a quiet machine.
set -euo pipefail
cd "$(dirname "$0")/../.."

target="$(realpath -m "${CARGO_TARGET_DIR:-target}")"
venv="$target/peers/venv-items"
rounds="${1:-5}"
postgres="$(find /usr/lib/postgresql -maxdepth 2 -name bin | sort -V | tail -n 1)"
for program in wrk ogr2ogr "$postgres/initdb"; do
  command -v "$program" >/dev/null || { echo "missing: $program" >&2; exit 1; }
done

if [ ! -e "$venv/installed" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --only-binary=:all: --requirement benches/peers/requirements-items.txt
  touch "$venv/installed"
fi
cargo build --release --package cli

# A database of its own, gone afterwards. PostgreSQL does not run as root.
folder="$(mktemp -d)"
as=()
if [ "$(id -u)" = 0 ]; then
  chown postgres "$folder"
  as=(runuser -u postgres --)
fi
ours='' theirs=''
finish() {
  [ -z "$ours" ] || kill "$ours" 2>/dev/null || true
  [ -z "$theirs" ] || kill "$theirs" 2>/dev/null || true
  "${as[@]}" "$postgres/pg_ctl" --pgdata "$folder/data" --silent --mode immediate stop 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT
(cd / && "${as[@]}" "$postgres/initdb" --pgdata "$folder/data" --username postgres --auth trust --no-sync >/dev/null)
(cd / && "${as[@]}" "$postgres/pg_ctl" --pgdata "$folder/data" --silent --wait --log "$folder/log" \
  --options "-p 8191 -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=512MB" start)
psql=(psql --quiet --host 127.0.0.1 --port 8191 --username postgres)
"${psql[@]}" --command 'create database peers'
"${psql[@]}" --dbname peers --command 'create extension postgis'

mkdir -p "$target/peers"
"$target/release/maillage" build data/sample/sample.toml --out "$target/peers/sample" >/dev/null 2>&1
"$target/release/maillage" export communes --atlas "$target/peers/sample" --format fgb -o "$target/peers/communes.fgb"
ogr2ogr -f PostgreSQL "PG:host=127.0.0.1 port=8191 user=postgres dbname=peers" "$target/peers/communes.fgb" \
  -nln communes -nlt PROMOTE_TO_MULTI -lco GEOMETRY_NAME=geom -lco FID=id -lco SPATIAL_INDEX=GIST
"${psql[@]}" --dbname peers --command 'vacuum analyze communes'

"$target/release/maillage" serve "$target/peers/sample" --listen 127.0.0.1:8192 >/dev/null 2>&1 &
ours=$!
# Its documented way: uvicorn, as many workers as there are cores here, connections opened beforehand, and the
# layer listed by name; no access log.
(cd / && exec env POSTGRES_USER=postgres POSTGRES_PASS=postgres POSTGRES_HOST=127.0.0.1 POSTGRES_PORT=8191 \
  POSTGRES_DBNAME=peers DB_MIN_CONN_SIZE=10 DB_MAX_CONN_SIZE=20 TIPG_DB_EXCLUDE_FUNCTION_SCHEMAS='["public"]' \
  "$venv/bin/uvicorn" tipg.main:app --host 127.0.0.1 --port 8193 --workers 2 --loop uvloop --http httptools \
  --no-access-log --log-level warning >"$target/peers/tipg.log" 2>&1) &
theirs=$!
python3 benches/peers/items.py "$rounds" \
  "maillage=http://127.0.0.1:8192/api/collections/communes/items?limit=10" \
  "tipg=http://127.0.0.1:8193/collections/public.communes/items?limit=10&f=geojson"
