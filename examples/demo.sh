#!/bin/sh
# The first minute: a paper with a genuine badge and the verdict on it; then the same paper with one character of its number
# changed, and its refusal. Usage: examples/demo.sh [-v]; -v also shows every check of the record and each fact.
# DEMO_FOLDER is where the files go, build/demo by default.
set -eu
cd "$(dirname "$0")/.."
pithtex=.venv/bin/pithtex
number=CNPMIFD42NONUMCBYNP4XLPY53
changed=CNPMIFD42NONUMCBYNP4XLPY52
work=${DEMO_FOLDER:-build/demo}
verbose=
[ "${1-}" != -v ] || verbose=1

bold() { if [ -t 1 ]; then printf '\033[1m%s\033[0m\n' "$1"; else printf '%s\n' "$1"; fi; }
# What a command says: all of it with -v, else its first lines.
show() { if [ -n "$verbose" ]; then cat; else sed -n "1,$1p"; fi; }

rm -rf "$work"
mkdir -p "$work"
export PITHTEX_OFFLINE=1

# Before there is anything to see: verify the record, write pith.sty, compile the paper.
if [ -n "$verbose" ]; then
    bold 'Is the record genuine?   pithtex verify bundle.json'
    $pithtex verify examples/sparsex/bundle.json
    bold "Make the badge.   pithtex generate bundle.json -o $work"
    $pithtex generate examples/sparsex/bundle.json -o "$work"
else
    $pithtex generate --quiet examples/sparsex/bundle.json -o "$work"
fi
if command -v pdflatex >/dev/null; then
    cp examples/sparsex/main.tex "$work/paper.tex"
    for run in 1 2; do
        (cd "$work" && pdflatex -interaction=nonstopmode -halt-on-error paper.tex >console.txt) || {
            tail -n 40 "$work/console.txt" >&2
            exit 1
        }
    done
    made='compiled just now'
else
    cp examples/sparsex/main.pdf "$work/paper.pdf"
    made='compiled before: this machine has no TeX'
fi
.venv/bin/python - "$work/paper.pdf" "$work/paper.png" <<'PYTHON'
import sys
import pypdfium2
pypdfium2.PdfDocument(sys.argv[1])[0].render(scale=2).to_pil().save(sys.argv[2])
PYTHON

bold 'A paper with its Pith Number'
echo "  its first page   $work/paper.png"
echo "  the PDF          $work/paper.pdf ($made)"
echo
bold "$ pithtex check $work/paper.pdf"
$pithtex check --html "$work/paper.html" "$work/paper.pdf" | show 4

echo
bold 'The same paper, with one character of its number changed'
LC_ALL=C sed "s/$number/$changed/" "$work/paper.pdf" >"$work/forged.pdf"
bold "$ pithtex check $work/forged.pdf"
if $pithtex check --html "$work/forged.html" "$work/forged.pdf" >"$work/forged.txt"; then
    echo 'a changed number was not noticed' >&2
    exit 1
fi
if [ -n "$verbose" ]; then cat "$work/forged.txt"; else
    sed -n 1,3p "$work/forged.txt"
    grep -m 2 'error\[' "$work/forged.txt"
fi

$pithtex verify-page --quiet -o "$work/verify.html"
echo
bold 'Done: the genuine paper is valid, the forged one is refused.'
echo "  the verdicts as pages       $work/paper.html, $work/forged.html"
echo "  the same in your browser    open $work/verify.html, and drop either PDF onto it"
[ -n "$verbose" ] || echo "  every check, step by step   examples/demo.sh -v"
