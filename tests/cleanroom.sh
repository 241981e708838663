#!/bin/sh
# The README's two commands on a bare Debian: debootstrap makes one in build/cleanroom, a fresh clone of the committed
# state goes in, and ./dev run --once and ./dev test are typed there with nothing else. Needs root (debootstrap and chroot do).
#   tests/cleanroom.sh [SUITE [COMMAND...]]   SUITE: bookworm (default) or trixie; COMMAND in place of the two
set -eu
cd "$(dirname "$0")/.."
suite=${1:-bookworm}
[ $# -eq 0 ] || shift
[ "$(id -u)" -eq 0 ] || { echo "cleanroom: needs root, for debootstrap and chroot: sudo ./dev test cleanroom" >&2; exit 4; }
room=$PWD/build/cleanroom/$suite
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}

leave() {
  for place in dev/shm dev/pts dev proc; do
    ! mountpoint -q "$room/$place" || umount "$room/$place"
  done
}
trap leave EXIT
leave
rm -rf "$room"
mkdir -p "$room"
echo "== a bare Debian $suite"
log=$room.log
debootstrap --variant=minbase "$suite" "$room" "$mirror" >"$log" 2>&1 || { tail -n 20 "$log"; exit 4; }
mount -t proc proc "$room/proc"
mount --bind /dev "$room/dev"
mount --bind /dev/pts "$room/dev/pts"
mount -t tmpfs shm "$room/dev/shm"
cp /etc/resolv.conf "$room/etc/resolv.conf"
# authorities that this machine's network needs (a school's proxy) are needed inside, too
mkdir -p "$room/usr/local/share/ca-certificates"
find /usr/local/share/ca-certificates -name '*.crt' -exec cp {} "$room/usr/local/share/ca-certificates" \; 2>/dev/null || true
git clone -q . "$room/srv/woodshed"

inside() {
  # shellcheck disable=SC2016 # expanded inside
  chroot "$room" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/srv TERM=dumb LANG=C.UTF-8 \
    sh -c 'cd /srv/woodshed && "$@"' sh "$@"
}

if [ $# -gt 0 ]; then
  inside "$@"
  exit
fi
echo '== ./dev run --once'
inside ./dev run --once
echo '== ./dev test'
inside ./dev test
echo "cleanroom: both commands succeeded on a bare Debian $suite"
