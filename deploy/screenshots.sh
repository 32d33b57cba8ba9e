#!/usr/bin/env bash
# Draws the pictures of the README into docs/images: the status page of a demo of its own by Chromium, and the dashboards by
# deploy/preview over simulated hours and weeks in a real Prometheus of its own, which scrapes nothing. Every port is a free
# one, and what does not start is an end with its log. NODE=0 leaves the dashboards out: their drawing needs node and npm.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir -p docs/images

# wait_for FILE EXPRESSION: what the expression's first group finds in a log, within a minute.
wait_for() {
  for _ in $(seq 300); do
    found=$(sed -nE "s/.*$2.*/\1/p" "$1" | head -n 1)
    [ -z "$found" ] || { echo "$found"; return; }
    sleep 0.2
  done
  echo "did not start:" >&2; tail -n 5 "$1" >&2; exit 1
}

"$python" -m exporter --demo --web.listen-address=127.0.0.1:0 >"$work/demo.log" 2>&1 & pids+=($!)
address=$(wait_for "$work/demo.log" 'msg=listening address=([0-9.:]+)')
sleep 12 # two polls, so that it is known who is on what
chromium --headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
  --disable-component-update --disable-sync --hide-scrollbars --window-size=1100,790 --user-data-dir="$work/profile" \
  --screenshot="$PWD/docs/images/status.png" "http://$address/" >/dev/null 2>&1

[ "${NODE:-1}" = 1 ] && command -v npm >/dev/null || { echo "without npm the dashboards are not drawn"; exit 0; }
# history NAME HOURS SECONDS_BETWEEN_SCRAPES LOOKBACK: a Prometheus over hours that were simulated; its address is `url`.
# Loaded samples have no staleness markers: a short look-back stands in for them.
echo "scrape_configs: []" >"$work/prometheus.yml"
history() {
  "$python" -m tests.support.history "$work/$1" "$2" "$3"
  prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/$1" --query.lookback-delta="$4" \
    --storage.tsdb.retention.time=60d --web.listen-address=127.0.0.1:0 >"$work/$1.log" 2>&1 & pids+=($!)
  url=http://$(wait_for "$work/$1.log" 'msg="Listening on" address=([0-9.:]+)')
  sleep 2
}
draw() { deploy/preview/preview.sh "grafana/dashboards/ringostat-$1.json" "$url" "docs/images/$1.png" "${@:2}"; }
history day 13 60 65s
draw team 43200 1440x1000
draw wallboard 43200 1440x900 "department=Sales 1"
draw exporter 43200 1440x1700
echo "two weeks are being simulated; this takes some minutes"
history weeks 348 900 16m
draw employee 1209600 1440x1250 "employee=Aiko Tanaka"
