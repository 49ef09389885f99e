# Shared by packaging/run and packaging/test: installing what is missing, configuring and building.
# Sourced; the caller has set -euo pipefail and stands in the project's root.

say() { printf 'hearth: %s\n' "$*" >&2; }

# packages_for KIND…: the names listed in packages.txt for any of these kinds.
packages_for() {
    local kinds=" $* "
    while read -r name kind _; do
        case "$name" in '' | '#'*) continue ;; esac
        case "$kinds" in *" $kind "*) printf '%s\n' "$name" ;; esac
    done <packaging/packages.txt
}

is_installed() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

# pick_name A|B…: the first alternative that is installed or known to apt, else the first.
pick_name() {
    local names name
    IFS='|' read -ra names <<<"$1"
    for name in "${names[@]}"; do
        if is_installed "$name" || [ -n "$(apt-cache show "$name" 2>/dev/null | head -n 1)" ]; then
            printf '%s' "$name"
            return
        fi
    done
    printf '%s' "${names[0]}"
}

# missing_packages KIND…: the names, as this release calls them, that are not installed.
missing_packages() {
    local name
    while read -r name; do
        name=$(pick_name "$name")
        is_installed "$name" || printf '%s\n' "$name"
    done < <(packages_for "$@")
}

# install_missing KIND…: installs the distribution's packages that are missing; honours INSTALL=no.
install_missing() {
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        say "this is not a Debian or Ubuntu system; install the equivalents of packaging/packages.txt by hand"
        return 0
    fi
    local missing as_root=()
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -eq 0 ] && return 0
    if [ "$INSTALL" = no ]; then
        say "these packages are missing, and --no-install was given:"
        printf '  %s\n' "${missing[@]}" >&2
        say "install them with: apt-get install ${missing[*]}"
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            say "these packages are missing, and neither root rights nor sudo are at hand: ${missing[*]}"
            return 1
        fi
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update -q >&2 || say "apt-get update failed; trying with the lists that are there"
    mapfile -t missing < <(missing_packages "$@") # names may be known only after the update
    say "installing from the distribution: ${missing[*]}"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        "${missing[@]}" >&2
}

# build_release TARGET…: configures the release preset and builds.
build_release() {
    say "configuring the release preset"
    cmake --preset release "$@" >&2
    say "building into build/release"
    cmake --build build/release --parallel "$(nproc)" >&2
}
