"""Reads a profile's folder: YAML 1.2 where a key twice is an error, texts read in; says every fault at once, writes nothing."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from coi.profiles.schema import Profile

HERE = Path(__file__).resolve().parent
LIBRARY = HERE / "library.yaml"


class ProfileFaults(Exception):
    """Everything that is wrong with a profile, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def folder_of(name: str) -> Path:
    """The folder of a shipped profile, or the folder that `name` is a path to; raises ProfileFaults when there is none."""
    for folder in (HERE / name, Path(name)):
        if (folder / "profile.yaml").is_file():
            return folder
    raise ProfileFaults([f"There is no profile called {name}: a profile is a folder with a profile.yaml in it."])


def read_profile(folder: Path) -> Profile:
    """The profile of a folder with the words of its policies read in; raises ProfileFaults with every fault."""
    file = folder / "profile.yaml"
    try:
        content = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError, OSError) as fault:
        raise ProfileFaults([f"{file.name}: can't be read: {str(fault).strip()}"]) from fault
    if not isinstance(content, dict):
        raise ProfileFaults([f"{file.name}: must be a mapping of the keys in docs/profile.md."])
    faults = _read_texts(content, folder)
    try:
        profile = Profile.model_validate({**_library(), **content})
    except ValidationError as wrong:
        faults += [f"{file.name}: {_path(error['loc'])}: {error['msg']}" for error in wrong.errors()]
        raise ProfileFaults(faults) from wrong
    if faults:
        raise ProfileFaults(faults)
    return profile


def _library() -> dict[str, Any]:
    """The words for outcomes and the conditions that hold where a profile writes none."""
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(LIBRARY.read_text(encoding="utf-8"))
    return content


def _read_texts(content: dict[str, Any], folder: Path) -> list[str]:
    """Puts the words of each policy's files in the place of their names."""
    faults = []
    for policy in content.get("policies") or []:
        for version in policy.get("versions") or [] if isinstance(policy, dict) else []:
            for language, name in (version.get("text") or {}).items() if isinstance(version, dict) else []:
                path = (folder / str(name)).resolve()
                if not path.is_relative_to(folder.resolve()) or not path.is_file():
                    faults.append(f"policies {policy.get('id')} {language}: there is no file {name} in this folder.")
                    continue
                version["text"][language] = path.read_text(encoding="utf-8")
            if isinstance(version, dict) and version.get("pdf"):
                faults += _read_pdf(version, str(policy.get("id")), folder)
    return faults


def _read_pdf(version: dict[str, Any], policy: str, folder: Path) -> list[str]:
    """Puts the SHA-256 of a version's PDF beside its name: another file is another version."""
    path = (folder / str(version["pdf"])).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        return [f"policies {policy} pdf: there is no file {version['pdf']} in this folder."]
    content = path.read_bytes()
    if not content.startswith(b"%PDF-"):
        return [f"policies {policy} pdf: {version['pdf']} is no PDF."]
    version["pdf_sha256"] = sha256(content).hexdigest()
    return []


def _path(places: tuple[Any, ...]) -> str:
    told = ""
    for place in places:
        told += f"[{place}]" if isinstance(place, int) else f".{place}" if told else str(place)
    return told or "profile"
