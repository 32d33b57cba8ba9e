#!/usr/bin/env bash
# Draws docs/images/timesheet.png: a simulated week of Sales as a workbook, printed by LibreOffice. Needs soffice and
# pdftoppm (Debian's libreoffice-calc-nogui and poppler-utils).
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
for program in soffice pdftoppm; do
  command -v "$program" >/dev/null || { echo "$program is missing: the timesheet was not drawn"; exit 0; }
done
work=$(mktemp -d)
trap 'kill "$pid" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT

"$python" -m exporter simulate --web.listen-address=127.0.0.1:0 2>"$work/log" & pid=$!
until grep -q msg=listening "$work/log"; do kill -0 "$pid"; sleep 0.2; done
SIMULATE_PORT=$(sed -n 's/.*msg=listening address=127.0.0.1:\([0-9]*\).*/\1/p' "$work/log")
export SIMULATE_PORT
# Without the staff list, as is the default: two columns fewer.
sed 's/staff: true/staff: false/' deploy/stack/config.yaml >"$work/config.yaml"
"$python" -m exporter timesheet --config.file="$work/config.yaml" --project=Sales \
  --from=2026-04-20 --to=2026-04-26 --unit=h:mm --output="$work/week.xlsx"
"$python" -m deploy.pictures.print_setup "$work/week.xlsx" "$work/timesheet.xlsx"
soffice --headless "-env:UserInstallation=file://$work/profile" --convert-to pdf --outdir "$work" \
  "$work/timesheet.xlsx" >/dev/null 2>&1
# What is cut off is the empty rest of the page.
pdftoppm -png -gray -r 150 -singlefile -x 0 -y 0 -W 1650 -H 376 "$work/timesheet.pdf" \
  docs/images/timesheet
