#!/bin/sh
# The main job, end to end: verify a signed bundle, generate pith.sty, compile the paper, check its PDF; then the same
# PDF with one character of its number changed.
set -eu
cd "$(dirname "$0")/.."
pithtex=.venv/bin/pithtex
number=CNPMIFD42NONUMCBYNP4XLPY53
changed=CNPMIFD42NONUMCBYNP4XLPY52
work=build/demo

step() { printf '\n\033[1m%s\033[0m\n' "$1" | if [ -t 1 ]; then cat; else sed 's/\x1b\[[0-9]*m//g'; fi; }

rm -rf "$work"
mkdir -p "$work"

step '1. Is the record genuine?   pithtex verify bundle.json'
$pithtex verify examples/sparsex/bundle.json

step '2. Make the badge.   pithtex generate bundle.json -o paper/'
$pithtex generate examples/sparsex/bundle.json -o "$work"

if command -v pdflatex >/dev/null; then
    step '3. Compile the paper.   pdflatex main.tex'
    cp examples/sparsex/main.tex "$work/"
    for run in 1 2; do
        (cd "$work" && pdflatex -interaction=nonstopmode -halt-on-error main.tex >console.txt) || {
            tail -n 40 "$work/console.txt" >&2
            exit 1
        }
    done
    echo "  wrote $work/main.pdf"
else
    step '3. No TeX on this machine: the compiled example of this repository stands in.'
    cp examples/sparsex/main.pdf "$work/main.pdf"
fi

step '4. Does the PDF tell the truth?   pithtex check main.pdf'
$pithtex check "$work/main.pdf"

step '5. The same PDF, with one character of the number changed.   pithtex check changed.pdf'
LC_ALL=C sed "s/$number/$changed/" "$work/main.pdf" >"$work/changed.pdf"
if $pithtex check "$work/changed.pdf"; then
    echo 'a changed number was not noticed' >&2
    exit 1
fi

step 'Done: the genuine PDF is valid, the changed one is not.'
