#!/usr/bin/env bash
# Make this machine ready: system packages, fonts, environment, secret key. Safe to repeat; quick when all is there.
#   deploy/setup.sh            what the site needs
#   deploy/setup.sh --test     what the tests need besides
set -euo pipefail
# shellcheck source=deploy/lib.sh
. "$(dirname "$0")/lib.sh"
# The tests have settings of their own.
if [[ ${1:-} == --test ]]; then LOCK=dev; else LOCK=run && load_env; fi
SYSTEM=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-cjk gettext libmagic1 poppler-utils ca-certificates)
FONTS=(FandolFang-Regular FandolKai-Regular FandolSong-Regular FandolSong-Bold FandolHei-Regular FandolHei-Bold)
APT=(apt-get -qq -o Acquire::Retries=5 -o Acquire::http::Timeout=60 -o DPkg::Lock::Timeout=300)
NO_CLUSTER=/etc/postgresql-common/createcluster.d/chengnuo.conf
BUNDLE=/etc/ssl/certs/ca-certificates.crt

retry() {
  local attempt
  for attempt in 1 2 3; do
    if "$@"; then return 0; fi
    if [[ $attempt -lt 3 ]]; then warn "that failed; trying again"; sleep $((attempt * 3)); fi
  done
  return 1
}

# Prints those of the given packages that are not installed; newer releases carry some of them under a name in t64.
missing_packages() {
  local present name
  present=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
  for name in "$@"; do
    grep -qxE "$name(t64)?" <<<"$present" || printf '%s ' "$name"
  done
}

install_packages() {
  local as=()
  if [[ $EUID -ne 0 ]]; then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null || \
      die "system packages are missing; install them with: sudo apt-get update && sudo apt-get install --no-install-recommends $*"
    as=(sudo -n)
  fi
  need_space / 300 "the system packages ($*)"
  say "installing system packages: $*"
  as+=(env DEBIAN_FRONTEND=noninteractive)
  retry "${as[@]}" "${APT[@]}" update || die "the package lists could not be fetched (apt-get update); check the network and repeat"
  [[ " $* " != *" postgresql "* ]] || no_cluster "${as[@]}"
  retry "${as[@]}" "${APT[@]}" install -y --no-install-recommends "$@" >"$VAR/apt.log" 2>&1 || {
    tail -5 "$VAR/apt.log" >&2
    "${as[@]}" rm -f "$NO_CLUSTER"
    die "system packages could not be installed: $* (see $VAR/apt.log)"
  }
  "${as[@]}" rm -f "$NO_CLUSTER"
}

# The tests bring a server of their own; while the package is installed it is told to make no database and to start none.
no_cluster() {
  "$@" sh -c "umask 022 && mkdir -p ${NO_CLUSTER%/*} && echo 'create_main_cluster = false' >$NO_CLUSTER"
}

# Debian has the browser also without a window to draw: a page costs a third of the processor, and less is fetched.
browser() {
  # shellcheck source=/dev/null
  (. /etc/os-release 2>/dev/null && [[ $ID == debian && ${VERSION_ID:-0} -ge 12 ]] && echo chromium-headless-shell) || echo chromium
}

system_packages() {
  local wanted=("${SYSTEM[@]}") missing
  "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || wanted+=(python3-venv)
  if [[ $LOCK == dev ]]; then
    wanted+=(libatomic1) # the browser's driver is linked against libatomic
    command -v chromium-headless-shell chromium chromium-browser google-chrome >/dev/null || wanted+=("$(browser)")
    postgres_programs >/dev/null || wanted+=(postgresql)
  fi
  if ! command -v dpkg-query >/dev/null; then
    warn "this is not a Debian or Ubuntu system; it must provide: ${wanted[*]}"
    return
  fi
  missing=$(missing_packages "${wanted[@]}")
  # shellcheck disable=SC2086  # one word for each package
  [[ -z $missing ]] || install_packages $missing
}

# Fandol has the only free FangSong with simplified characters; its archive is fetched for six files, TeX is not installed.
# Without it papers are set in Noto Serif, so a failure only warns, and is not tried again for a day.
fangsong() {
  local into temporary files=("${FONTS[@]/%/.otf}")
  into=$(cd "$VAR/fonts" && pwd)
  [[ ! -f $into/${files[0]} ]] || return 0
  [[ -z $(find "$into/.missing" -mmin -1440 2>/dev/null) ]] || return 0
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 0
  say "fetching the FangSong fonts"
  temporary=$(mktemp -d)
  if (
    cd "$temporary"
    "${APT[@]}" -o APT::Sandbox::User=root download texlive-lang-chinese 2>/dev/null || {
      [[ $EUID -ne 0 ]] || "${APT[@]}" update
      "${APT[@]}" -o APT::Sandbox::User=root download texlive-lang-chinese
    }
    dpkg-deb --fsys-tarfile ./*.deb | tar -x --wildcards "${files[@]/#/*\/}"
  ) >"$VAR/fonts.log" 2>&1 && [[ -n $(find "$temporary" -name "${files[0]}" -size +0) ]]; then
    find "$temporary" -name '*.otf' -exec mv -t "$into" {} +
    rm -f "$into/.missing"
  else
    warn "FangSong could not be fetched (see $VAR/fonts.log); papers use Noto Serif until it can"
    touch "$into/.missing"
  fi
  rm -rf "$temporary"
}

digest() { sha256sum "requirements/$1.txt" | cut -d' ' -f1; }

venv() {
  if [[ -d $VENV ]] && ! "$BIN/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    warn "$VENV does not work any more (Python moved or too old); it is made anew"
    rm -rf "$VENV"
  fi
  if [[ -d $VENV && $(cat "$VENV/.locked-$LOCK" 2>/dev/null) == "$(digest $LOCK)" ]]; then return; fi
  need_space . 700 "the Python environment"
  [[ -d $VENV ]] || "$PYTHON" -m venv "$VENV" || die "the environment could not be made: is the package python3-venv installed?"
  [[ -x $BIN/pip ]] || "$BIN/python" -m ensurepip >/dev/null || die "the environment has no pip: is the package python3-venv installed?"
  say "installing the Python packages (requirements/$LOCK.txt)"
  if [[ -f $BUNDLE ]]; then export SSL_CERT_FILE=${SSL_CERT_FILE:-$BUNDLE} PIP_CERT=${PIP_CERT:-$BUNDLE}; fi
  export PIP_DISABLE_PIP_VERSION_CHECK=1 UV_PYTHON_DOWNLOADS=never
  install_locked
  digest "$LOCK" >"$VENV/.locked-$LOCK"
  # The lock of the tests holds all of the other one.
  [[ $LOCK == run ]] || digest run >"$VENV/.locked-run"
}

# uv is many times quicker; pip does the same from the same lock.
install_locked() {
  local mirror
  if "$BIN/pip" install -q --retries 5 --require-hashes -r requirements/uv.txt 2>"$VAR/pip.log"; then
    mirror=$("$BIN/pip" config get global.index-url 2>/dev/null || true)
    if [[ -n $mirror ]]; then export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$mirror}; fi
    if UV_HTTP_TIMEOUT=120 retry "$BIN/uv" pip install -q --python "$BIN/python" --require-hashes -r "requirements/$LOCK.txt"; then return; fi
  fi
  warn "uv cannot be used here; pip takes its place and needs a minute"
  retry "$BIN/pip" install -q --retries 5 --require-hashes -r "requirements/$LOCK.txt" ||
    die "the Python packages could not be installed; check the network and repeat"
}

secret_key() {
  [[ -z ${CHENGNUO_SECRET_KEY:-} && ! -s $VAR/secret_key ]] || return 0
  (umask 077 && "$PYTHON" -c 'import secrets; print(secrets.token_urlsafe(50))' >"$VAR/secret_key.new")
  mv -n "$VAR/secret_key.new" "$VAR/secret_key"
}

# Signs checkpoints of the ledger; 32 bytes by chance are an Ed25519 key.
checkpoint_key() {
  [[ -z ${CHENGNUO_CHECKPOINT_KEY:-} && ! -s $VAR/checkpoint_key ]] || return 0
  (umask 077 && "$PYTHON" -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())' >"$VAR/checkpoint_key.new")
  mv -n "$VAR/checkpoint_key.new" "$VAR/checkpoint_key"
}

# Compiled translations are made where they are older than their source.
translations() {
  local source
  for source in locale/*/LC_MESSAGES/*.po; do
    [[ -f $source && ! ${source%.po}.mo -nt $source ]] || continue
    say "compiling $source"
    msgfmt --check-format -o "${source%.po}.mo" "$source" || die "$source has a fault (above)"
  done
}

find_python "$([[ $LOCK == run ]] && echo run || echo test)"
mkdir -p "$VAR/files" "$VAR/fonts" "$VAR/static" 2>/dev/null || die "$VAR cannot be written"
need_space "$VAR" 100 "the site's data"
system_packages
venv
fangsong
secret_key
checkpoint_key
translations
