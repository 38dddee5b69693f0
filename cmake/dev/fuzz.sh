#!/bin/bash
# Usage: fuzz.sh SECONDS [NAME...]: builds the fuzzers and runs each in turn. What a fuzzer learns stays in
# build/fuzz/corpus/NAME; files in tests/fuzz/corpus/NAME are its first inputs. Stops at the first finding
# and prints the path of the input that reproduces it.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$root/build/fuzz
seconds=$1
shift

main() {
    cd "$root"
    configure
    local known wanted=("$@") name
    mapfile -t known < <(fuzzers)
    [[ ${#known[@]} -gt 0 ]] || { echo "fuzz: this checkout has no fuzzer" >&2; exit 1; }
    [[ ${#wanted[@]} -gt 0 ]] || wanted=("${known[@]}")
    for name in "${wanted[@]}"; do
        [[ " ${known[*]} " == *" $name "* ]] || { echo "fuzz: no fuzzer '$name' (${known[*]})" >&2; exit 2; }
    done
    cmake --build "$build" -j "$(nproc)" --target "${wanted[@]}"
    for name in "${wanted[@]}"; do
        run "$name"
    done
    echo "${#wanted[@]} fuzzers ran $seconds s each without a finding"
}

configure() {
    mkdir -p build
    cmake --preset fuzz >build/configure-fuzz.log 2>&1 || { cat build/configure-fuzz.log >&2; exit 1; }
}

# Executables that CMake puts into the fuzz folder (cmake/testing.cmake: sallyport_fuzzer).
fuzzers() {
    ninja -C "$build" -t targets all | sed -n 's|^fuzz/\([A-Za-z0-9_]*\): CXX_EXECUTABLE_LINKER.*|\1|p' | sort
}

run() {
    local name=$1
    local corpus=$build/corpus/$name findings=$build/findings/$name seeds=$root/tests/fuzz/corpus/$name
    mkdir -p "$corpus" "$findings"
    local inputs=("$corpus")
    [[ ! -d $seeds ]] || inputs+=("$seeds")
    printf '==> %s for %s s\n' "$name" "$seconds"
    # The sanitizer's shadow memory of older clangs does not fit every random layout of newer kernels.
    if ! setarch --addr-no-randomize "$build/fuzz/$name" -max_total_time="$seconds" -timeout=20 \
        -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$findings/" "${inputs[@]}" \
        >"$findings/log" 2>&1; then
        tail -n 60 "$findings/log"
        local input
        input=$(sed -n 's/.*Test unit written to //p' "$findings/log" | tail -1)
        echo "fuzz: $name failed. Reproduce: $build/fuzz/$name ${input:-(no input was written; see $findings/log)}"
        exit 1
    fi
    grep -E 'number_of_executed_units|new_units_added' "$findings/log" || true
}

main "$@"
