#!/usr/bin/env bash
# Brings what `ringostat-exporter backfill` wrote into a Prometheus's data folder.
#
#   deploy/load-history.sh FOLDER TSDB
#
# One file at a time: promtool reads its file again for every two hours of it. Stop Prometheus first, or load into an
# empty folder and move the blocks; the retention must reach back as far as the history.
set -euo pipefail
folder=$1 tsdb=$2
mkdir -p "$tsdb"
files=$(find "$folder" -name '*.om' | sort)
total=$(printf '%s\n' "$files" | wc -l)
number=0
while IFS= read -r file; do
  promtool tsdb create-blocks-from openmetrics "$file" "$tsdb" >/dev/null
  number=$((number + 1))
  [ ! -t 2 ] || printf '\r%d of %d files' "$number" "$total" >&2
done <<<"$files"
[ ! -t 2 ] || echo >&2
