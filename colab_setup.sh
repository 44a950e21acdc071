#!/usr/bin/env bash
# The setup cell's work from a shell, in Colab or elsewhere: find the course or fetch it, then check
# versions and GPU. It installs nothing, and running it again is harmless.
set -euo pipefail

REPOSITORY=""
PYTHON="${PYTHON:-python3}"
NAME=deep-learning-mnist

# Another package may be called helpers; the course's says whose it is.
is_course() {
  grep -qs "$NAME" "$1/helpers/__init__.py"
}

# The folder of this script when it is a file, else the working folder; then its parents; then an
# earlier clone.
find_course() {
  local folder
  folder=$(cd -- "$(dirname -- "${BASH_SOURCE[0]:-./none}")" && pwd)
  if is_course "$folder"; then
    echo "$folder"
    return
  fi
  folder=$PWD
  while [ "$folder" != / ]; do
    if is_course "$folder"; then
      echo "$folder"
      return
    fi
    folder=$(dirname -- "$folder")
  done
  if is_course "$PWD/$NAME"; then
    echo "$PWD/$NAME"
  fi
}

course=$(find_course)
if [ -z "$course" ]; then
  if [ -z "$REPOSITORY" ]; then
    echo "The course is not here, and this script knows no address to fetch it from." >&2
    echo 'Paste its public address between the quotes of REPOSITORY="" in this file.' >&2
    exit 1
  fi
  course=$PWD/$NAME
  if ! git clone --quiet --depth 1 -- "$REPOSITORY" "$course"; then
    echo "Fetching $REPOSITORY failed; the reason stands above." >&2
    echo "Check the address and the network, then run this again." >&2
    exit 1
  fi
fi

cd -- "$course"
if ! problem=$("$PYTHON" -c '
import sys
from helpers import environment
try:
    environment.check()
except RuntimeError as error:
    sys.exit(str(error))
' 2>&1); then
  echo "$problem" >&2
  exit 1
fi
if [ -n "$problem" ]; then
  echo "$problem"
fi
echo "Ready: $course"
