# Shared by the scripts; to be sourced, not run. Sets ROOT and CONFIGURATION.
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CONFIGURATION=Release
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Without ICU, text is not normalised (accents would be kept). Some container images turn ICU off.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0

die() {
  echo "$*" >&2
  exit 1
}

# Ends with a one-line error if the .NET SDK or ICU is missing.
need_dotnet() {
  local dotnet said
  if ! dotnet=$(command -v dotnet); then
    dotnet=${DOTNET_ROOT:-$HOME/.dotnet}/dotnet
    [ -x "$dotnet" ] || die "the .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0, or 'curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0'"
    DOTNET_ROOT=$(dirname "$dotnet")
    export DOTNET_ROOT PATH="$DOTNET_ROOT:$PATH"
  fi
  if ! said=$(cd "$ROOT" && "$dotnet" --version 2>&1); then
    case $said in
      *ICU*) die "ICU is missing: install libicu (Debian, Ubuntu: apt-get install libicu-dev; Fedora, RHEL: dnf install libicu; Alpine: apk add icu-libs icu-data-full)" ;;
      *) die "global.json requires .NET SDK $(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$ROOT/global.json") or a later patch: https://dotnet.microsoft.com/download/dotnet/10.0" ;;
    esac
  fi
}

# Prints the newest built file with a name, or nothing. $1: project, $2: file.
built() {
  # shellcheck disable=SC2012
  ls -t "$ROOT"/artifacts/bin/"$1"/release*/"$2" 2>/dev/null | head -n 1 || true
}

# Builds; prints the output of MSBuild to standard error only if the build fails. Arguments: as for dotnet build.
build() {
  local log start=$SECONDS
  need_dotnet
  log=$(mktemp)
  echo "building $(basename "$1") ($CONFIGURATION)..." >&2
  if ! (cd "$ROOT" && dotnet build "$@" -c "$CONFIGURATION" -nologo -v quiet -clp:NoSummary >"$log" 2>&1); then
    # MSBuild prints an error where it occurs and again at the end.
    awk '!seen[$0]++' "$log" >&2
    rm -f "$log"
    die "the build failed"
  fi
  rm -f "$log"
  echo "built in $((SECONDS - start)) s" >&2
}
