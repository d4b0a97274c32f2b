#!/usr/bin/env bash
# Makes `old` beside this script with the programs in the folder given: what two runners left behind, of which one was stopped and one killed.
# Takes 45 seconds: a run that is stopped gives its workers 30.
set -euo pipefail
programs=$(realpath "${1:?the folder of \`seedband\` and \`fake-worker\`}")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Away from any repository, whose commit would be written down.
cd "$(mktemp -d)"
cp "$here/study.toml" .
export SEEDBAND_WORKER=$programs/fake-worker
unset SEEDBAND_RESULTS

# The first trains what it can, and Ctrl-C reaches it when nothing but three range tests that hang is left.
FAKE_WORKER='decay/1=fail:out-of-memory;plain/2=hang;plain/3=hang;decay/3=hang;plain/own/1=diverge:5' \
    "$programs/seedband" --quiet run study.toml -j 4 >/dev/null &
sleep 5
kill -INT $!
wait $! || true

# The second is killed while two of them hang again.
FAKE_WORKER='decay/1=fail:out-of-memory;plain/2=hang;plain/3=hang' \
    "$programs/seedband" --quiet run study.toml -j 2 >/dev/null &
sleep 5
kill -KILL $!
wait $! || true

# It died while it wrote the last line of its journal.
truncate -s -60 "$(ls -t results/old/journal/* | head -n 1)"

# Tables and report are made anew from what is left.
mv results/old .
rm -rf old/report
find old/aggregate -type f ! -name summary.json -delete

# Neutral names of host, processor and folders.
host=$(hostname)
for journal in old/journal/*; do mv "$journal" "${journal/$host-/node1-}"; done
sed -i "s/\"$host-/\"node1-/; s/\"host\":\"$host\"/\"host\":\"node1\"/" old/journal/* old/trials/*/*/claim
sed -i "s/\"host\": \"$host\"/\"host\": \"node1\"/; s/\"cpu\": .*/\"cpu\": \"a processor, 2 cores\",/; s|\"$programs/|\"|" old/provenance.json
rm -rf "$here/old"
mv old "$here"
