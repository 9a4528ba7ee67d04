#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/scripts/node" "$0" "$@"'
// The main job in seconds, for local work: ./system_test.mts --quick, with whatever else is given.
process.argv.splice(2, 0, '--quick')
await import('./system_test.mts')
