#!/usr/bin/env bash
# Foreign programs that open what we make: installed when we may, named when we may not.
set -euo pipefail

declare -A package=([ogrinfo]=gdal-bin [chromium]=chromium [curl]=curl)
missing=()
for program in "${!package[@]}"; do
  command -v "$program" >/dev/null || missing+=("${package[$program]}")
done
# QGIS, with its Python: that of the system, the only one it speaks.
/usr/bin/python3 -c 'import qgis.core, osgeo_utils' 2>/dev/null || missing+=(qgis python3-qgis qgis-providers python3-gdal)
[ ${#missing[@]} = 0 ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "missing programs; run: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi
