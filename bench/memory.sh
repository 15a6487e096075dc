#!/usr/bin/env bash
# What the addresses that the DDoS detectors of a node track cost in memory.   bench/memory.sh [ADDRESSES FEWEST MOST]
# Each sent between so many requests within the window. Without arguments: 1,000,000 addresses of 1 to 9, and 2,000 whose windows are full.
set -euo pipefail
cd "$(dirname "$0")/.."
measure() { mvn -q -B -pl cluster-state -am test-compile exec:exec@tracked-memory -Dmemory.args="$*"; }
if [ $# -gt 0 ]; then
  measure "$@"
else
  measure 1000000 1 9
  measure 2048 1000 1000
fi
