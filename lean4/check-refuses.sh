#!/usr/bin/env bash
# Holds check.sh to refusing what it must: each time one thing in a copy of the committed files is spoilt. Does nothing where
# that passed before on the same files, unless it is told --force.
set -euo pipefail
cd "$(dirname "$0")"

passed=out/refuses.passed
key=$(cat ./*.lean ./*.sh lean.cjs package-lock.json | sha256sum)
if [ "${1:-}" != --force ] && [ "$key" = "$(cat $passed 2>/dev/null)" ]; then
    echo "what must be refused was refused before"
    exit
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# refuses NAME EXPECTED...: check.sh fails on the files in $work/NAME and says each of the expected texts.
refuses() {
    local name=$1 said expected
    shift
    if said=$(./check.sh --tables "$work/$name" 2>&1); then
        printf '%s\n' "$said"
        echo "passed, though: $name" >&2
        exit 1
    fi
    for expected in "$@"; do
        if ! grep -qF -e "$expected" <<<"$said"; then
            printf '%s\n' "$said"
            echo "failed, but not because of this: $name (expected: $expected)" >&2
            exit 1
        fi
    done
    rm -rf "${work:?}/$name"
    echo "refused: $name"
}

# spoil NAME FILE AWK: a copy of FILE that must differ.
spoil() {
    mkdir -p "$work/$1"
    awk "$3" "$2" >"$work/$1/$2"
    ! cmp -s "$2" "$work/$1/$2" || { echo "nothing to spoil in $2 for: $1" >&2; exit 1; }
}

for word in sorry native_decide 'axiom magic : False'; do
    name="a proof with ${word%% *}"
    spoil "$name" Checks.lean "/^theorem sumsFit/ {print \"$word\"} 1"
    refuses "$name" 'a word that could stand in for a proof'
done

name='a warning'
spoil "$name" ScannerBaseline.lean '/^end / {print "theorem unused (x : Nat) : True := trivial"} 1'
refuses "$name" 'warning' 'ScannerBaseline: exit status 0'

# The first split's right child is one node off; in a hidden unit with a positive output the first weight, of evidence, is negative.
name='a child index and a weight of evidence'
spoil "$name" ScannerBaseline.lean '/\.split/ && !done {sub(/[0-9]+,$/, $NF - 1 ","); done = 1} 1'
spoil "$name" DdosBaseline.lean '/\], -?[0-9]+, [1-9][0-9]*⟩/ && !done {sub(/\[-?[0-9]+/, "[-1"); done = 1} 1'
refuses "$name" 'failed: ScannerBaseline: theorem wellFormed' 'failed: ScannerBaseline: theorem leavesReachable' \
    'failed: DdosBaseline: theorem netMonotone'

mkdir -p out
echo "$key" >$passed
