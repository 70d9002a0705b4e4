"""Many threads at once call everything, and each gets what one alone gets."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

import pithtex
from tests.api.kit import RESULTS

THREADS = 8


@pytest.mark.usefixtures("stored")
def test_all_functions_at_once() -> None:
    expected = {name: make() for name, make in RESULTS.items()}
    start = Barrier(THREADS)

    def each(number: int) -> dict[str, object]:
        start.wait(60)
        names = list(RESULTS)
        turned = names[number:] + names[:number]  # so that different functions meet
        return {name: RESULTS[name]() for name in turned}

    with ThreadPoolExecutor(THREADS) as pool:
        for found in pool.map(each, range(THREADS)):
            assert found == expected


def test_a_first_use_in_many_threads() -> None:
    """Names are loaded when they are first asked for: by whichever thread."""
    code = (
        "import pithtex, threading\n"
        "def work():\n"
        "    for name in pithtex.__all__: getattr(pithtex, name)\n"
        "    done.append(1)\n"
        "done = []\n"
        "threads = [threading.Thread(target=work) for _ in range(8)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]\n"
        "assert len(done) == 8\n"
    )
    assert subprocess.run([sys.executable, "-W", "error", "-c", code], check=False).returncode == 0


def test_importing_reads_nothing_of_ours_and_loads_no_library() -> None:
    code = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "before = set(sys.modules)\n"
        "import pithtex\n"
        "loaded = set(sys.modules) - before\n"
        "assert not [name for name in loaded if name.startswith('pithtex.')], loaded\n"
        "assert not [name for name in opened if not name.endswith(('.py', '.pyc'))], opened\n"
        "assert not {'socket', 'ssl', 'nacl', 'requests', 'jinja2', 'pikepdf', 'dataclasses', 're'} & loaded, loaded\n"
        "assert set(pithtex.__all__) <= set(dir(pithtex))\n"
    )
    result = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, cwd=".", check=False)
    assert result.stderr == ""
    assert pithtex.__all__ == sorted(pithtex.__all__)
