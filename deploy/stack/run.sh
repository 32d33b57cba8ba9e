#!/usr/bin/env bash
# Runs the simulated API, the exporter, Prometheus and Alertmanager on this machine's loopback, with the
# files that compose.yaml uses. Stops everything on Ctrl-C. Needs Debian's prometheus and
# prometheus-alertmanager. PYTHON names the interpreter that has the exporter.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON:-.venv/bin/python}
data=$(mktemp -d)
pids=()
stop() { kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$data"; }
trap stop EXIT
trap 'exit 0' INT TERM

need() { command -v "$1" || { echo "$1 is missing: apt-get install $2" >&2; exit 1; }; }
prometheus=$(need prometheus prometheus)
alertmanager=$(need prometheus-alertmanager prometheus-alertmanager)

start() { name=$1; shift; "$@" >"$data/$name.log" 2>&1 & pids+=($!); }
start simulate "$python" -m exporter simulate
sleep 2
echo "Asking for 14 days of history ..."
"$python" -m exporter backfill --config.file=deploy/stack/config.yaml --output="$data/history" \
  --from="$(date -d '-14 days' +%F)" --to="$(date -d yesterday +%F)" >"$data/backfill.log" 2>&1 ||
  { cat "$data/backfill.log" >&2; exit 1; }
deploy/load-history.sh "$data/history" "$data/tsdb"
start exporter "$python" -m exporter --config.file=deploy/stack/config.yaml
start alertmanager "$alertmanager" --config.file=prometheus/alertmanager.yml --storage.path="$data/alerts" \
  --web.listen-address=127.0.0.1:9093 --cluster.listen-address=
start prometheus "$prometheus" --config.file=prometheus/prometheus.yml --storage.tsdb.path="$data/tsdb" \
  --web.listen-address=127.0.0.1:9090

sleep 3
for pid in "${pids[@]}"; do
  kill -0 "$pid" 2>/dev/null || { echo "something did not start:" >&2; tail -n 3 "$data"/*.log >&2; exit 1; }
done
cat <<TXT
Status page   http://127.0.0.1:10105/
Metrics       http://127.0.0.1:10105/metrics
Prometheus    http://127.0.0.1:9090/
Alertmanager  http://127.0.0.1:9093/
Stop with Ctrl-C.
TXT
wait -n
echo "something ended:" >&2
tail -n 3 "$data"/*.log >&2
exit 1
