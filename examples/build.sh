#!/bin/sh
# Writes each example's pith.sty, snippet and PDF. The PDFs carry no date, so that the same sources give the same bytes.
set -eu
cd "$(dirname "$0")"
export SOURCE_DATE_EPOCH=1780272000 FORCE_SOURCE_DATE=1
for folder in */; do
    ../.venv/bin/pithtex generate --quiet "$folder"/*.json -o "$folder"
    rm -rf "$folder/pith-badges" # docs/reference/badges.md shows them
    (
        cd "$folder"
        for run in 1 2 3; do
            pdflatex -interaction=batchmode -halt-on-error main.tex >/dev/null
            if [ "$run" = 1 ] && grep -q '^\\bibdata' main.aux; then
                bibtex -terse main
            fi
        done
        rm -f main.aux main.bbl main.blg main.log main.out
    )
    ../.venv/bin/pithtex check --quiet "$folder/main.pdf"
    echo "built examples/${folder}main.pdf"
done
