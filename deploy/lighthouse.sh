#!/usr/bin/env bash
# Put Lighthouse (pinned in tests/e2e/lighthouse) beside the data, for `make hunt`; without npm it is left out and said.
# npm may run on an older Node than Lighthouse wants: the tests run it by the one of the browser's driver.
set -euo pipefail
# shellcheck source=deploy/lib.sh
. "$(dirname "$0")/lib.sh"
PINNED=tests/e2e/lighthouse INTO=$VAR/lighthouse
mkdir -p "$INTO"
if cmp -s "$PINNED/package-lock.json" "$INTO/.installed"; then exit 0; fi
command -v npm >/dev/null || { warn "there is no npm: pages get no mark of Lighthouse's"; exit 0; }
cp "$PINNED/package.json" "$PINNED/package-lock.json" "$INTO/"
say "installing Lighthouse"
if npm ci --prefix "$INTO" --ignore-scripts --no-audit --no-fund >"$VAR/lighthouse.log" 2>&1; then
  cp "$PINNED/package-lock.json" "$INTO/.installed"
else
  warn "Lighthouse could not be installed (see $VAR/lighthouse.log): pages get no mark of its"
fi
