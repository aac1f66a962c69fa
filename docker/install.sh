#!/usr/bin/env bash
# Installs the system packages that are missing, and nothing when none is.
#
#   docker/install.sh [--dry-run] run|web|test|soak     run: the service with its own PostGIS server
#                                                  web: the service alone, its database runs elsewhere
#                                                  test: what run needs, and what the tests need besides
#                                                  soak: what test needs, and another program to compare roads with
#   docker/install.sh python                       prints the Python the service would use
#
# --dry-run prints each package with "present" or "missing" and changes nothing.
set -euo pipefail

OLDEST_POSTGIS=3.3
CLUSTER_CONF=/etc/postgresql-common/createcluster.d/anzhi.conf

fail() {
    echo "install.sh: $1" >&2
    exit 1
}

can_run() { command -v "$1" >/dev/null 2>&1; }

# A Python is good enough when it is 3.11 or later; whether it can make a venv is asked separately.
find_python() {
    local name
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if can_run "$name" && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    return 1
}

knows() { can_run apt-cache && [ -n "$(apt-cache madison "$1" 2>/dev/null)" ]; }

python_package() {
    local name offered
    offered=$(can_run apt-cache && apt-cache madison python3 2>/dev/null | head -n 1 | cut -d'|' -f2 | tr -d ' ' || true)
    if [ -n "$offered" ] && dpkg --compare-versions "$offered" ge 3.11; then
        echo python3
        return
    fi
    for name in python3.13 python3.12 python3.11; do
        if knows "$name"; then
            echo "$name"
            return
        fi
    done
    echo python3.11
}

venv_package() {
    local python
    if ! python=$(find_python); then
        echo "$(python_package)-venv"
        return
    fi
    local own
    own="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    if knows "$own"; then echo "$own"; else echo python3-venv; fi
}

can_make_venv() {
    local python
    python=$(find_python) && "$python" -c 'import ensurepip, venv' 2>/dev/null
}

# What the distribution offers, newest first: postgresql-17-postgis-3, postgresql-15-postgis-3 ...
offered_postgis() {
    if can_run apt-cache; then
        apt-cache pkgnames postgresql- | grep -E '^postgresql-[0-9]+-postgis-3$' | sort -t- -k2,2nr || true
    fi
}

postgis_package() {
    local package version
    for package in $(offered_postgis); do
        version=$(apt-cache madison "$package" | head -n 1 | cut -d'|' -f2 | tr -d ' ')
        if dpkg --compare-versions "$version" ge "$OLDEST_POSTGIS"; then
            echo "$package"
            return
        fi
    done
    echo postgresql-15-postgis-3
}

# Of the server that is there, else of the one that is going to be.
pgrouting_package() {
    local control
    for control in /usr/share/postgresql/*/extension/postgis.control; do
        [ -f "$control" ] && basename "$(dirname "$(dirname "$control")")"
    done | sort -n | tail -n 1 | sed 's/.*/postgresql-&-pgrouting/' | grep . || postgis_package | sed 's/postgis-.*/pgrouting/'
}

has_pgrouting() {
    local package
    package=$(pgrouting_package)
    package=${package#postgresql-}
    [ -f "/usr/share/postgresql/${package%-pgrouting}/extension/pgrouting.control" ]
}

has_server() {
    local bin control
    for bin in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin $(pg_config --bindir 2>/dev/null || true); do
        [ -x "$bin/initdb" ] && [ -x "$bin/pg_config" ] || continue
        control="$("$bin/pg_config" --sharedir)/extension/postgis.control"
        [ -f "$control" ] && postgis_is_recent "$(sed -n "s/^default_version *= *'\([0-9.]*\).*/\1/p" "$control")" && return
    done
    return 1
}

postgis_is_recent() { [ "$(printf '%s\n' "$OLDEST_POSTGIS" "$1" | sort -V | head -n 1)" = "$OLDEST_POSTGIS" ]; }

# Chromium made for tests alone: without the window that nobody sees, pages are drawn in three quarters of the time.
HEADLESS=chromium-headless-shell

has_chromium() {
    can_run "$HEADLESS" && return
    { can_run chromium || can_run chromium-browser || can_run google-chrome; } && ! knows "$HEADLESS"
}

has_chinese_font() { [ -n "$(find /usr/share/fonts /usr/local/share/fonts -iname '*noto*cjk*' 2>/dev/null | head -n 1)" ]; }

has_sign_font() { [ -n "$(find /usr/share/fonts /usr/local/share/fonts -iname 'DejaVuSans.ttf' 2>/dev/null | head -n 1)" ]; }

has_library() { [ -n "$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep -F "$1")" ]; }

# need NAMER CHECK...: the package that NAMER prints is missing when the check fails. Asking apt for a name takes a
# second, so it is only asked when the name is going to be used.
need() {
    local namer=$1 state=missing package=
    shift
    if "$@" >/dev/null; then state=present; fi
    if [ "$state" = missing ] || [ "$dry" = yes ]; then package=$("$namer"); fi
    wanted+=("$package $state")
    if [ "$state" = missing ]; then missing+=("$package"); fi
}

client_package() { echo postgresql-client; }
browser_package() { if knows "$HEADLESS"; then echo "$HEADLESS"; else echo chromium; fi; }
font_package() { echo fonts-noto-cjk; }
sign_font_package() { echo fonts-dejavu-core; }
layout_package() { echo libpango-1.0-0; }
glyph_package() { echo libpangoft2-1.0-0; }
subset_package() { echo libharfbuzz-subset0; }
poppler_package() { echo poppler-utils; }
gdal_package() { echo gdal-bin; }

look() {
    wanted=() missing=()
    need python_package find_python
    need venv_package can_make_venv
    if [ "$1" = web ]; then need client_package can_run pg_dump; else need postgis_package has_server; fi
    # What lays text out on paper, and takes out of a font what a file needs of it.
    need layout_package has_library libpango-1.0.so.0
    need glyph_package has_library libpangoft2-1.0.so.0
    need subset_package has_library libharfbuzz-subset.so.0
    need font_package has_chinese_font
    need sign_font_package has_sign_font
    if [ "$1" = soak ]; then need pgrouting_package has_pgrouting; fi
    if [ "$1" = test ] || [ "$1" = soak ]; then
        need browser_package has_chromium
        need poppler_package can_run pdftotext
        need gdal_package can_run ogr2ogr
    fi
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif can_run sudo; then
        sudo "$@"
    else
        fail "installing needs root or sudo. Ask an administrator to run: apt-get install ${missing[*]}"
    fi
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=300 "$@"
}

# The distribution would start a database server of its own beside ours; we need its programs only.
forbid_system_cluster() {
    as_root mkdir -p "$(dirname "$CLUSTER_CONF")"
    echo 'create_main_cluster = false' | as_root tee "$CLUSTER_CONF" >/dev/null
    trap 'as_root rm -f "$CLUSTER_CONF"' EXIT
}

install_missing() {
    can_run apt-get || fail "this system has no apt-get. Install by its own means: ${missing[*]} (Debian's names), then start again."
    echo "Reading the distribution's package lists …"
    apt_get -qq update || fail "apt-get update failed. Check the network and the package sources of this machine, then start again."
    look "$1" # Names and versions are only known now, when the lists were empty before.
    echo "Installing ${missing[*]} …"
    forbid_system_cluster
    apt_get -q install --no-install-recommends "${missing[@]}" ||
        fail "apt-get could not install ${missing[*]}. Read its message above, mend it, and start again."
    look "$1"
    [ ${#missing[@]} -eq 0 ] || fail "still missing after the installation: ${missing[*]}. This distribution may be too old; Debian 12 is new enough."
}

main() {
    dry=no
    if [ "${1-}" = --dry-run ]; then
        dry=yes
        shift
    fi
    case ${1-} in
        run | web | test | soak) ;;
        python)
            find_python || fail "no Python 3.11 or later was found. Run: docker/install.sh run"
            return
            ;;
        *)
            echo "usage: docker/install.sh [--dry-run] run|web|test|soak|python" >&2
            exit 2
            ;;
    esac
    look "$1"
    if [ "$dry" = yes ]; then
        printf '%s\n' "${wanted[@]}"
    elif [ ${#missing[@]} -gt 0 ]; then
        install_missing "$1"
    fi
}

main "$@"
