#!/usr/bin/env bash
# Draws the pictures of the README into docs/images: 13 simulated hours in a real Prometheus, the dashboards by
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
sleep 4
chromium --headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
  --disable-component-update --disable-sync --hide-scrollbars --window-size=1100,620 --user-data-dir="$work/profile" \
  --screenshot="$PWD/docs/images/status.png" http://127.0.0.1:10105/ >/dev/null 2>&1
kill "${pids[@]}"; wait 2>/dev/null || true; pids=()

preview=${PREVIEW:-}
[ -n "$preview" ] || { echo "PREVIEW is not set: the dashboards were not drawn"; exit 0; }
"$python" -m tests.support.history "$work/tsdb" 13
# Loaded samples have no staleness markers: a short look-back stands in for them.
prometheus --config.file=prometheus/prometheus.yml --storage.tsdb.path="$work/tsdb" --query.lookback-delta=65s \
  --web.listen-address=127.0.0.1:9099 >"$work/prometheus.log" 2>&1 & pids+=($!)
sleep 5
"$preview" grafana/dashboards/ringostat-team.json http://127.0.0.1:9099 docs/images/team.png 43200 1440x1850
"$preview" grafana/dashboards/ringostat-employee.json http://127.0.0.1:9099 docs/images/employee.png 43200 1440x1250 "employee=Aiko Tanaka"
"$preview" grafana/dashboards/ringostat-exporter.json http://127.0.0.1:9099 docs/images/exporter.png 43200 1440x1500
