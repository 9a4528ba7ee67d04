#!/bin/sh
# Installs Debian packages, as root, without starting the daemons in them and without enabling them at boot:
#   apt.sh PACKAGE...
# Whatever ran or was enabled before stays as it was. A shell script, because it is the one part that needs root.
set -eu

policy=/usr/sbin/policy-rc.d
kept=$policy.kept-by-shakedown
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1

main() {
  take_back
  enabled=$(list_enabled)
  trap finish EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  forbid_starting
  # The list of packages may be missing or old: a second try after an update, and only that one's words are shown.
  install "$@" >/dev/null 2>&1 || { apt-get update -qq && install "$@"; }
}

install() {
  apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
    install -y --no-install-recommends "$@"
}

finish() {
  take_back
  disable_new
}

# Debian's way to say no to invoke-rc.d and deb-systemd-invoke: exit 101. It forbids only while this script lives,
# so that even a kill -9 leaves nothing that forbids anything. A policy that already says no stays where it is.
forbid_starting() {
  if [ -x "$policy" ]; then
    said=0
    "$policy" redis-server start >/dev/null 2>&1 || said=$?
    [ "$said" -ne 101 ] || return 0
  fi
  [ ! -e "$policy" ] || mv "$policy" "$kept"
  cat >"$policy" <<POLICY
#!/bin/sh
# Put here by shakedown's installer (pid $$), which takes it away again.
[ ! -d /proc/$$ ] || exit 101
[ ! -x $kept ] || exec $kept "\$@"
POLICY
  chmod 755 "$policy"
}

# Our policy goes, the one that was there before comes back: also the ones that a killed run has left.
take_back() {
  if grep -q "shakedown's installer" "$policy" 2>/dev/null; then rm -f "$policy"; fi
  if [ -e "$kept" ]; then mv "$kept" "$policy"; fi
}

list_enabled() {
  command -v systemctl >/dev/null 2>&1 || return 0
  systemctl --root=/ list-unit-files --state=enabled --no-legend --plain 2>/dev/null | cut -d ' ' -f 1
}

disable_new() {
  for unit in $(list_enabled); do
    echo "$enabled" | grep -qxF "$unit" || systemctl --root=/ --quiet disable "$unit"
  done
}

main "$@"
