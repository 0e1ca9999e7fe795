# shellcheck shell=bash disable=SC2154 # $here is given by who sources this
# tree.sh: a tree of Debian 12 of their own for the tests of the package (bash; to be sourced). $work is a temporary folder, $root
# the tree in it; $here, the source, is given by who sources this.
#
#     begin package "$@"                    # what this test says it is
#     make_tree '' spawn-fcgi
#     quietly in_tree nginx -t
#
# QUIRE_DEB is the package; where nobody has named one, scripts/deb builds it. Packages come from where apt on this machine takes
# them.

# Begins the script anew in name spaces for mounts and processes, so that these and the folder are gone when it ends, however
# it ends: begin NAME "$@". Needs root.
begin() {
    name=$1
    if [ "${2:-}" = --inside ]; then
        work=$3 root=$3/root
        return
    fi
    [ "$(id -u)" -eq 0 ] || { echo "$name: needs root" >&2; exit 1; }
    work=$(mktemp -d)
    trap 'rm -rf --one-file-system "$work"' EXIT
    trap 'exit 1' HUP INT TERM
    if [ -z "${QUIRE_DEB:-}" ]; then
        QUIRE_DEB=$here/$("$here/scripts/deb" | tail -n 1)
    fi
    export QUIRE_DEB
    unshare --mount --pid --mount-proc --fork --kill-child=KILL bash "$0" --inside "$work"
    exit 0
}
step() {
    printf '== %s\n' "$*"
}
fail() {
    printf '%s: %s\n' "$name" "$*" >&2
    tail -n 30 "$work"/*.log >&2 || true
    exit 1
}
in_tree() {
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}
quietly() {
    "$@" >"$work/said.log" 2>&1 </dev/null || fail "failed: $*"
}
install_in_tree() {
    quietly in_tree apt-get -q -y --no-install-recommends install "$@"
}

# make_tree FIRST PACKAGE...: a tree with what the package needs, but not the package; FIRST is what debootstrap brings besides,
# separated by commas. With QUIRE_BASE a copy of that one is completed. No service starts in it.
make_tree() {
    local site first=$1
    shift
    if [ -n "${QUIRE_BASE:-}" ]; then
        cp -a "$QUIRE_BASE" "$root"
    else
        # shellcheck disable=SC2016 # apt's own variable
        site=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | head -n 1)
        quietly debootstrap --variant=minbase ${first:+"--include=$first"} bookworm "$root" "$site"
    fi
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=755 tmpfs "$root/run"
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
    quietly in_tree apt-get -q update
    install_in_tree adduser mariadb-server mariadb-client nginx-light openssl logrotate "$@"
    # shellcheck disable=SC2046 # several words
    install_in_tree $(dpkg-deb -f "$QUIRE_DEB" Depends | tr ',' '\n' | sed 's/[(|].*//')
}
