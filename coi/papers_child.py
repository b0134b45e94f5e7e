"""Sets one printed paper that lies ready in a folder, in a process of its own, with little memory and time; knows nothing else.

Run by path and isolated: what people added is opened here and nowhere else. Writes `out.pdf`, or says on standard output why not.
"""

import json
import resource
import sys
from pathlib import Path

MEMORY = 2 * 1024 * 1024 * 1024
SECONDS = 60


def main(folder: Path) -> None:
    """Compiles `main.typ` of the folder, with `told.json` as its values."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    import typst

    values = json.loads((folder / "told.json").read_text())
    try:
        typst.compile(str(folder / "main.typ"), output=str(folder / "out.pdf"), root=str(folder), sys_inputs=values)
    except typst.TypstError as fault:
        print(json.dumps([str(fault), *fault.hints]))  # noqa: T201  # standard output is what the parent reads
        sys.exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
