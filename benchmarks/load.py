"""The guarded site under load, on loopback (`python -m benchmarks.load [HOME]`, where HOME has been evaluated).

A hundred examiners, each with a session of their own, read at once for a minute: a published page; the same page from
bare servers (Starlette's StaticFiles under uvicorn, with the parser that the guard has, and with the faster one) as
the floor; published pages and the desk mixed; published pages while somebody keeps 500 connections half open and
guesses at passwords. Then twenty sessions in Dagster's pages. No answer may be anything else than the page. wrk and
chromium are Debian's.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.load_attack import guess, half_open
from benchmarks.load_dagster import in_dagster
from benchmarks.load_site import bare, free_port, guarded, sessions, wrk

READERS, SECONDS = 100, 60
HALF_OPEN, GUESSES, SESSIONS = 500, 10_000, 20
COUNTY = "qingshan-2025"


def pages_of(home: Path) -> tuple[list[str], list[str]]:
    """Addresses of published pages of the county, and of pages at the desk."""
    latest = home / "published" / COUNTY / "latest"
    units = sorted(path.name for path in (latest / "units").glob("*.html"))[:20]
    published = [f"/published/{COUNTY}/latest/{name}" for name in ("index.html", *(f"units/{unit}" for unit in units))]
    asked = f"evaluation={quote(COUNTY)}"
    desk = ["/", "/results", f"/published/{COUNTY}/"]
    desk += [f"/desk/{page}?{asked}" for page in ("upload", "corrections", "matters", "state", "appeals", "ranking")]
    return published, [*desk, f"/desk/unit?{asked}&unit=T01"]


def told(name: str, found: dict[str, Any], floor: dict[str, Any] | None = None) -> None:
    per_second = found["requests"] / found["seconds"]
    wrong = found["other"] + found["broken"] + found["timeouts"]
    print(f"{name}: {per_second:.0f} requests/s, p50 {found['p50']:.0f} ms, p95 {found['p95']:.0f} ms, ", end="")
    print(
        f"p99 {found['p99']:.0f} ms, longest {found['longest']:.0f} ms; {wrong} errors of {found['requests']}", end=""
    )
    if floor:
        print(f"; the floor answers {floor['requests'] / floor['seconds'] / per_second:.1f} times as many", end="")
    print(flush=True)


def all_of_it(home: Path, folder: Path, seconds: int) -> None:
    published, desk = pages_of(home)
    one = published[:1]
    port = free_port()
    cookies = sessions(home, port, READERS)
    floors = {}
    for http in ("h11", "httptools"):
        floor_port = free_port()
        with bare(home, floor_port, folder / "bare.log", http):
            floors[http] = wrk(folder, floor_port, [], one, READERS, seconds)
        told(f"bare, {http}, one page", floors[http])
    with guarded(home, port, folder / "ui.log"):
        told("guarded, one page", wrk(folder, port, cookies, one, READERS, seconds), floors["h11"])
        told("guarded, published pages", wrk(folder, port, cookies, published, READERS, seconds), floors["h11"])
        for page in desk:
            told(f"guarded, {page}", wrk(folder, port, cookies, [page], 1, 5))
        mixed = [page for pair in zip(published, desk * 2 + desk, strict=False) for page in pair]
        told("guarded, published pages and the desk", wrk(folder, port, cookies, mixed, READERS, seconds))
        with half_open(port, HALF_OPEN) as counted:
            beside = wrk(folder, port, cookies, published, READERS, seconds)
        told(f"guarded, published pages, beside {HALF_OPEN} half-open connections", beside, floors["h11"])
        print(f"half-open connections: {dict(counted)}", flush=True)
        answers, taken = guess(port, GUESSES)
        size = sum(file.stat().st_size for file in (home / "logs").glob("guard.log*"))
        print(f"{GUESSES} guesses in {taken:.0f} s: {dict(answers)}; guard.log has {size / 1e6:.1f} MB", flush=True)
        in_dagster(f"http://127.0.0.1:{port}", cookies[:SESSIONS], seconds)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = folder / "home"
        shutil.copytree(Path(sys.argv[1]), home, symlinks=True)
        all_of_it(home, folder, int(sys.argv[2]) if len(sys.argv) > 2 else SECONDS)


if __name__ == "__main__":
    main()
