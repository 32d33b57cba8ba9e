#!/usr/bin/env bash
# Draws the pictures of the README into docs/images: simulated hours and weeks in a real Prometheus, the dashboards by
# PREVIEW (a script that takes DASHBOARD PROMETHEUS_URL OUT RANGE WIDTHxHEIGHT VAR=VALUE), the status page by
# Chromium. Without PREVIEW only the status page is drawn.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir -p docs/images

"$python" -m exporter --demo >"$work/log" 2>&1 & pids+=($!)
sleep 12 # two polls, so that it is known who is on what
chromium --headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
  --disable-component-update --disable-sync --hide-scrollbars --window-size=1100,790 --user-data-dir="$work/profile" \
  --screenshot="$PWD/docs/images/status.png" http://127.0.0.1:10105/ >/dev/null 2>&1
kill "${pids[@]}"; wait 2>/dev/null || true; pids=()

preview=${PREVIEW:-}
[ -n "$preview" ] || { echo "PREVIEW is not set: the dashboards were not drawn"; exit 0; }
# history NAME HOURS SECONDS_BETWEEN_SCRAPES LOOKBACK PORT: a Prometheus over hours that were simulated.
# Loaded samples have no staleness markers: a short look-back stands in for them.
history() {
  "$python" -m tests.support.history "$work/$1" "$2" "$3"
  prometheus --config.file=prometheus/prometheus.yml --storage.tsdb.path="$work/$1" --query.lookback-delta="$4" \
    --storage.tsdb.retention.time=60d --web.listen-address="127.0.0.1:$5" >"$work/$1.log" 2>&1 & pids+=($!)
}
history day 13 60 65s 9099
echo "two weeks are being simulated; this takes three minutes"
history weeks 348 900 16m 9100
sleep 5
draw() { "$preview" "grafana/dashboards/ringostat-$1.json" "http://127.0.0.1:$2" "docs/images/$1.png" "${@:3}"; }
draw team 9099 43200 1440x1850
draw employee 9100 1209600 1440x1250 "employee=Aiko Tanaka"
draw exporter 9099 43200 1440x1500
