#!/usr/bin/env bash
# Usage: run.sh CHECKS PROGRAM...
# Each program must find that all ways to count agree, and all programs must say the same. TALLYSCOPE_CHECKS asks for
# more checks than CHECKS; TALLYSCOPE_IMAGES, separated by blanks, for those of vocabularies that are installed.
set -euo pipefail
checks=${TALLYSCOPE_CHECKS:-$1}
shift
read -ra images <<<"${TALLYSCOPE_IMAGES:-}"
said=""
for program in "$@"; do
  name=$(basename "$program")
  if [[ $name == *_avx2 ]] && ! grep -qw avx2 /proc/cpuinfo 2>/dev/null; then
    echo "$name: not run, this processor has no AVX2"
    continue
  fi
  says=$("$program" "$checks" "${images[@]}") || { echo "$name: $says"; exit 1; }
  printf '%s\n%s\n' "$name:" "$says"
  if [[ -n $said && $says != "$said" ]]; then
    echo "That is not what the one before says."
    exit 1
  fi
  said=$says
done
