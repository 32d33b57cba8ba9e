#!/usr/bin/env bash
# Builds the unmodified Dockerfile and runs the demo in it, without Docker and without a registry.
#
# Debian's buildah builds on a base that debootstrap makes and that is given the base image's name.
# It runs as 65532 on a read-only root, without HOME, zone files or a shell's help; the health check
# and a scrape must succeed. Needs root, buildah, debootstrap and setpriv.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
pid=""
clean() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  [ ! -d "$work/root/proc/self" ] || umount -l "$work/root/proc" || true
  [ -z "${container:-}" ] || buildah rm "$container" >/dev/null || true
  rm -rf "$work"
}
trap clean EXIT

base=localhost/$(sed -n "s/^FROM \([^ ]*\) AS build$/\1/p" Dockerfile)
if ! buildah inspect --type image "$base" >/dev/null 2>&1; then
  echo "making a stand-in for $base ..."
  debootstrap --variant=minbase --include=python3,python3-venv,python3-pip,ca-certificates \
    bookworm "$work/base" >"$work/debootstrap.log" || { tail "$work/debootstrap.log"; exit 1; }
  ln -s python3 "$work/base/usr/bin/python"
  rm -rf "$work/base/usr/share/zoneinfo" "$work/base/var/cache/apt/archives"
  # A machine with certificates of its own, as a proxy's, hands them on.
  cp -r /etc/ssl/certs/. "$work/base/etc/ssl/certs/"
  [ ! -f /etc/pip.conf ] || cp /etc/pip.conf "$work/base/etc/pip.conf"
  made=$(buildah from scratch)
  buildah copy -q "$made" "$work/base" / >/dev/null
  buildah config --env PATH=/usr/local/bin:/usr/bin:/bin "$made"
  buildah commit -q "$made" "$base" >/dev/null
  buildah rm "$made" >/dev/null
  rm -rf "$work/base"
fi

echo "building the Dockerfile ..."
arguments=()
for name in PIP_INDEX_URL PIP_CERT SSL_CERT_FILE REQUESTS_CA_BUNDLE; do
  [ -z "${!name:-}" ] || arguments+=(--env "$name=${!name}")
done
buildah bud --pull-never --network host "${arguments[@]}" -t ringostat-exporter:try . >"$work/build.log" 2>&1 \
  || { tail -20 "$work/build.log"; exit 1; }

container=$(buildah from --pull-never ringostat-exporter:try)
mounted=$(buildah mount "$container")
mkdir "$work/root"
cp -a "$mounted/." "$work/root/"

echo "running it as 65532 on a read-only root ..."
unshare --mount --propagation private bash -euo pipefail -c '
  root=$1
  mount --bind "$root" "$root"
  mount -t proc proc "$root/proc"
  mount -o remount,bind,ro "$root"
  exec chroot --userspec=65532:65532 --groups= "$root" \
    /usr/bin/env -i PATH=/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1 \
    /opt/venv/bin/ringostat-exporter --demo --web.listen-address=127.0.0.1:10195
' _ "$work/root" &
pid=$!
for _ in $(seq 60); do
  curl -fsS http://127.0.0.1:10195/-/ready >/dev/null 2>&1 && break
  sleep 0.25
done
series=$(curl -fsS http://127.0.0.1:10195/metrics | grep -c '^ringostat_employee_status_seconds{')
chroot --userspec=65532:65532 --groups= "$work/root" /usr/bin/env -i \
  /opt/venv/bin/ringostat-exporter healthcheck --web.listen-address=127.0.0.1:10195
kill -TERM "$pid"
wait "$pid"
pid=""
layers=$(buildah inspect --type image ringostat-exporter:try | grep -c '"sha256:' || true)
size=$(du -sm "$work/root/opt/venv" | cut -f1)
echo "the image serves: $series series as 65532 on a read-only root; the program takes $size MB, $layers digests in the manifest"
[ "$series" -gt 150 ]
