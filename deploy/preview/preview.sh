#!/usr/bin/env bash
# Draws a dashboard JSON with Grafana's own panel components (@grafana/ui, @grafana/data from npm) over a live Prometheus,
# and shoots it with headless Chromium. No Grafana server is involved: variables take their "all" value, state-timeline is drawn
# by hand, and a panel type that is not on npm says so. Needs: node, npm, chromium.
#
#   preview.sh DASHBOARD.json PROMETHEUS_URL OUT.png [RANGE_SECONDS=21600] [WIDTHxHEIGHT=1440x2000] [VAR=VALUE ...]
#
# Packages are kept in $PREVIEW_CACHE (default: ~/.cache/ringostat-preview), about 430 MB.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dashboard=$1 prom=$2 out=$3 range=${4:-21600} size=${5:-1440x2000}
shift $(( $# > 5 ? 5 : $# ))
cache=${PREVIEW_CACHE:-$HOME/.cache/ringostat-preview}
v=13.2.2
mkdir -p "$cache"
if [ ! -d "$cache/node_modules/@grafana/ui" ]; then
  (cd "$cache" && npm init -y >/dev/null && npm i --silent --legacy-peer-deps --ignore-scripts \
    @grafana/data@$v @grafana/ui@$v @grafana/schema@$v @grafana/e2e-selectors@$v @grafana/i18n@$v react@19 react-dom@19 rxjs esbuild)
  (cd "$cache/node_modules/esbuild" && node install.js)
fi
work=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
cmp -s "$here/main.jsx" "$cache/main.jsx" || { cp "$here/main.jsx" "$cache/main.jsx"; rm -f "$cache/main.js"; }
if [ ! -f "$cache/main.js" ]; then
  (cd "$cache" && npx esbuild main.jsx --bundle --outfile=main.js --loader:.svg=dataurl --loader:.woff2=dataurl --loader:.ttf=dataurl \
    --loader:.png=dataurl --loader:.gif=dataurl --define:process.env.NODE_ENV='"production"' --define:global=window --format=iife --target=chrome120 --log-limit=5)
fi
cp "$here/index.html" "$cache/main.js" "$work/"; [ -f "$cache/main.css" ] && cp "$cache/main.css" "$work/" || touch "$work/main.css"
cp "$dashboard" "$work/dashboard.json"
cat >"$work/serve.py" <<'PY'
import http.server, sys, urllib.request
root, prom, portfile = sys.argv[1:]
class H(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *a): super().__init__(*a, directory=root)
    def log_message(self, *a): pass
    def do_GET(self):
        if not self.path.startswith("/prom/"): return super().do_GET()
        try: r = urllib.request.urlopen(prom + self.path[5:]); code = r.status
        except urllib.error.HTTPError as e: r, code = e, e.code
        body = r.read(); self.send_response(code); self.send_header("Content-Type", "application/json"); self.end_headers(); self.wfile.write(body)
s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), H); open(portfile, "w").write(str(s.server_port)); s.serve_forever()
PY
python3 "$work/serve.py" "$work" "${prom%/}" "$work/port" & server=$!
for _ in $(seq 50); do [ -s "$work/port" ] && break; sleep 0.1; done
query="range=$range"; for pair in "$@"; do case "$pair" in to=*|tz=*|open=*|offset=*) query="$query&$pair";; *) query="$query&var-$pair";; esac; done
chromium --headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync \
  --hide-scrollbars --window-size="${size/x/,}" --virtual-time-budget=20000 --user-data-dir="$work/profile" --enable-logging=stderr --v=0 \
  --screenshot="$out" "http://127.0.0.1:$(cat "$work/port")/index.html?$query" 2>"$work/log" || true
sed -n 's/.*CONSOLE[^"]*"\(.*\)", source.*/\1/p' "$work/log" | grep -E 'ERRORS|Error' || true
[ -s "$out" ] && echo "$out"
