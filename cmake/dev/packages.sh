# Sourced by ./dev. Knows which Debian packages each command needs and installs those that are missing.

# package_set NAME RELEASE: the packages of a set on Debian 12 or 13.
package_set() {
    local debian=$2
    case $1 in
        build)
            echo build-essential cmake ninja-build pkg-config ccache mold \
                qt6-base-dev libgl-dev libssl-dev libyaml-cpp-dev libcli11-dev nlohmann-json3-dev qtkeychain-qt6-dev \
                libtomlplusplus-dev libnghttp2-dev libsodium-dev zlib1g-dev libbrotli-dev libzstd-dev libqt6sql6-sqlite
            ;;
        gui)
            echo qt6-declarative-dev qt6-declarative-dev-tools qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools \
                qt6-svg-dev libqrencode-dev \
                qml6-module-qtqml qml6-module-qtqml-models qml6-module-qtqml-workerscript qml6-module-qtquick \
                qml6-module-qtquick-window qml6-module-qtquick-layouts \
                qml6-module-qtquick-templates
            ;;
        test)
            # llhttp is the parser that the HTTP tests compare with; Debian 12 has its source only.
            [[ $debian == 12 ]] && echo node-llhttp || echo libllhttp-dev
            echo golang-go golang-github-hashicorp-yamux-dev nginx-light curl openssh-server openssh-client \
                rsync python3 python3-pytest python3-websockets gnome-keyring dbus dbus-x11 libsecret-tools \
                openssl procps \
                pebble bind9 bind9-dnsutils nghttp2-client python3-h2 python3-grpcio python3-jwt python3-cryptography \
                jose chromium \
                xvfb xauth x11-utils xdotool openbox imagemagick fonts-dejavu-core python3-dbus python3-gi \
                at-spi2-core gir1.2-atspi-2.0 \
                qml6-module-qttest zbar-tools
            ;;
        demo) echo python3 curl ;;
        bench) echo haproxy wrk nginx-light python3 iproute2 util-linux openssl ;;
        fuzz) echo clang "$(sanitizer_runtime "$debian")" python3 ;;
        lint) echo clang clang-tidy clang-format python3 git ;;
        *)
            echo "./dev: no package set named '$1'" >&2
            return 2
            ;;
    esac
}

# clang only recommends its sanitizer runtime, whose name carries the version.
sanitizer_runtime() {
    [[ $1 == 12 ]] && echo libclang-rt-14-dev || echo libclang-rt-19-dev
}

debian_release() (
    . /etc/os-release 2>/dev/null || exit 0
    [[ ${ID:-} == debian && ${VERSION_ID:-} =~ ^1[23]$ ]] && echo "$VERSION_ID"
    exit 0
)

is_installed() {
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

require_packages() {
    local release set package names missing=()
    release=$(debian_release)
    for set in "$@"; do
        names=$(package_set "$set" "${release:-13}") || return
        for package in $names; do
            is_installed "$package" || missing+=("$package")
        done
    done
    [[ ${#missing[@]} -gt 0 ]] || return 0
    if [[ -z $release ]]; then
        report_unknown_system "$*" "${missing[@]}"
        return 0
    fi
    install_packages "$*" "${missing[@]}"
}

# Elsewhere the names differ: say what is wanted and let the build find out.
report_unknown_system() {
    local sets=$1
    shift
    [[ ${SALLYPORT_PACKAGES_REPORTED:-} != *" $sets "* ]] || return 0
    SALLYPORT_PACKAGES_REPORTED+=" $sets "
    printf './dev installs packages on Debian 12 and 13 alone. For "%s" it would install there:\n  %s\n' \
        "$sets" "$*" >&2
}

install_packages() {
    local sets=$1 apt=(env DEBIAN_FRONTEND=noninteractive apt-get)
    shift
    printf './dev: "%s" needs %d Debian packages that are missing:\n  %s\n' "$sets" $# "$*" >&2
    if [[ $(id -u) -ne 0 ]]; then
        command -v sudo >/dev/null || {
            printf './dev: run as root: apt-get install %s\n' "$*" >&2
            return 1
        }
        printf './dev: installing them with sudo apt-get\n' >&2
        apt=(sudo "${apt[@]}")
    fi
    local options=(install -y -q --no-install-recommends -o Dpkg::Use-Pty=0)
    # Package lists that are absent or stale make the first try fail; only then are they fetched.
    "${apt[@]}" "${options[@]}" "$@" >&2 && return 0
    printf './dev: fetching the package lists and trying again\n' >&2
    "${apt[@]}" update -q >&2
    "${apt[@]}" "${options[@]}" "$@" >&2
}
