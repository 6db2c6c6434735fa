#!/bin/sh
# Build a target and push it under its commit's name, unless it is there: tags never move, and a stage that is run again, or a
# second pipeline of the same commit, finds the image of the first. Usage: docker/publish.sh TARGET IMAGE:COMMIT
set -eu
target=$1
image=$2

is_there() {
  docker manifest inspect "$image" >/dev/null 2>&1
}

if is_there; then
  echo "$image is there already."
  exit 0
fi
docker build --file docker/Dockerfile --target "$target" --build-arg LIBRARY="${LIBRARY-}" --tag "$image" .
# Whoever is refused may have been overtaken.
docker push "$image" || is_there
