#!/bin/sh
# A card as a vCard and as a QR code, read back by programs that are not ours: `vobject` (PyPI) and `zbarimg` (Debian's
# zbar-tools). Usage: tests/round_trip/run.sh PROGRAM
set -eu
program=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap finish EXIT INT TERM

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check vobject==0.9.9
port=$("$work/venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url="http://127.0.0.1:$port"
"$program" serve --data-dir "$work/data" --listen "127.0.0.1:$port" --public-url "$url" >"$work/log" 2>&1 &
server=$!
"$work/venv/bin/python" "$here/check.py" "$program" "$work/data" "$url"
