# What the scripts share: messages, and checks that name the missing thing with the command that installs it.
# shellcheck shell=bash

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '%s\n' "$*" >&2; }

# fail WHAT HOW: ends with the reason and the way out.
fail() {
    printf 'error: %s\n  help: %s\n' "$1" "$2" >&2
    exit 96
}

# need_space FOLDER GIBIBYTES WHAT: ends unless the folder's disk has that much free.
need_space() {
    local free_kib
    free_kib=$(df -Pk "$1" | awk 'NR == 2 { print $4 }')
    if [ "$free_kib" -lt $(($2 * 1024 * 1024)) ]; then
        fail "$3 needs $2 GiB free in \`$1\`, and there are $((free_kib / 1024)) MiB" \
            "free some space, or clone to a larger disk"
    fi
}

need_rust() {
    if ! command -v cargo >/dev/null; then
        if [ -x "$HOME/.cargo/bin/cargo" ]; then
            export PATH="$HOME/.cargo/bin:$PATH"
        else
            fail "no Rust on this machine" \
                "install it with rustup, the installer of rust-lang.org: curl -sSf https://sh.rustup.rs | sh"
        fi
    fi
    local have want
    want=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml")
    have=$(cargo --version | awk '{ print $2 }')
    if [ "$(printf '%s\n%s\n' "$want" "$have" | sort -V | head -n 1)" != "$want" ]; then
        fail "Rust $have is too old, seedband needs $want" "rustup update stable"
    fi
}

# build [OPTION OF CARGO]...: every program, with cargo's own progress on a terminal. Always the whole workspace: cargo
# joins the features that packages ask of a dependency, so building some packages alone would build heavy dependencies a
# second time.
build() {
    local quiet=--quiet
    if [ -t 2 ]; then quiet=; fi
    (cd "$root" && cargo build $quiet --locked --workspace --bins "$@")
}

need_compiler() {
    local compiler=${CXX:-c++}
    if ! command -v "$compiler" >/dev/null; then
        fail "no C++ compiler (\`$compiler\`)" "sudo apt-get install g++"
    fi
}

# wheel_options MACHINE: sets the array `wheel_options` to the options by which pip takes libtorch's wheels for that
# processor, whatever Python runs pip.
wheel_options() {
    local glibc
    wheel_options=(--no-deps --only-binary=:all: --require-hashes --python-version 3.12 --implementation cp)
    # pip matches the tags of wheels to the letter: every glibc that they may name is listed, and the older way to
    # write 2.17 too, which is the only one that some wheels have.
    for glibc in $(seq 39 -1 5); do wheel_options+=(--platform "manylinux_2_${glibc}_$1"); done
    wheel_options+=(--platform "manylinux2014_$1")
}
