# shellcheck shell=bash
# Directories that every script of the project agrees on. Source it: it defines variables and does nothing else.
#
#   MESG_ROOT         the checkout
#   MESG_CACHE        everything that is slow to make, outside the checkout; deleting it is always safe
#   CARGO_TARGET_DIR  where cargo builds, unless the caller has chosen already

MESG_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
export MESG_ROOT
export MESG_CACHE="${MESG_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mesg-market}"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$MESG_CACHE/target}"
# Go must not fetch another toolchain than the one that is installed.
export GOTOOLCHAIN="${GOTOOLCHAIN:-local}"

# Links to what tools/setup put into the cache because this machine lacks it, or has it too old.
case ":$PATH:" in
  *":$MESG_CACHE/toolchains/bin:"*) ;;
  *) [ ! -d "$MESG_CACHE/toolchains/bin" ] || export PATH="$MESG_CACHE/toolchains/bin:$PATH" ;;
esac
