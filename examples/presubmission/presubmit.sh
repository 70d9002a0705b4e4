#!/bin/sh
# Before the upload: is the paper right, does it compile as on arXiv, and what goes up?
# Copy this beside your paper. Usage: ./presubmit.sh [FOLDER]
# It writes upload.tar.gz into the paper's folder, unless something is wrong. Needs pithtex and TeX Live.
set -eu
cd -- "${1:-$(dirname -- "$0")}"
code=0
"${PITHTEX:-pithtex}" presubmit . --pack upload.tar.gz || code=$?
case $code in
0) echo 'Ready: upload.tar.gz is what goes up.' ;;
1) echo 'Not yet: mend what is said above, then run this again.' ;;
3) echo 'Nothing wrong was found, but not all could be checked: see above.' ;;
esac
exit "$code"
