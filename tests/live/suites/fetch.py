"""Other people's tests are fetched when they are run, and kept in a folder of the build.

What is fetched is pinned by version and checksum: files of Debian's archive, from the mirrors that
this machine's apt names, and packages of npm. Nothing of it is installed."""

import hashlib
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
NETWORK_S = 30
COMMAND_S = 180


class Missing(Exception):
    """Why a suite cannot be run here."""


def need_command(*names):
    for name in names:
        if shutil.which(name) is None:
            raise Missing(f"{name} is not installed")


def need_success(words, reason):
    """The reason is what it means when the command fails."""
    need_command(words[0])
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, timeout=COMMAND_S)
    if done.returncode != 0:
        raise Missing(reason)


def mirrors():
    """Where apt gets the main part of Debian from."""
    need_command("apt-get")
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages",
         "Component: main"], capture_output=True, text=True, timeout=COMMAND_S)
    return dict.fromkeys(line for line in told.stdout.split() if line.startswith("http"))


def download(path):
    """The bytes of a file of the archive, from the first mirror that has it."""
    reason = "apt names no mirror"
    for mirror in mirrors():
        try:
            with urllib.request.urlopen(mirror + urllib.parse.quote(path), timeout=NETWORK_S) as it:
                return it.read()
        except urllib.error.HTTPError as error:
            reason = f"a mirror says {error.code}"
        except OSError as error:
            reason = str(error)
    raise Missing(f"{path.rsplit('/', 1)[1]} cannot be fetched: {reason}")


def fetch(cache, path, sha256):
    """The file of the archive in the cache, with the contents that were meant."""
    kept = cache / path.rsplit("/", 1)[1]
    if kept.exists() and hashlib.sha256(kept.read_bytes()).hexdigest() == sha256:
        return kept
    data = download(path)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Missing(f"{kept.name} is another file than it was")
    cache.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(data)
    return kept


def unpack(cache, name, files):
    """A folder of that name with the contents of the archives, made anew each time, since tests
    write beside themselves. Each file is (path in the archive, sha256)."""
    folder = cache / name
    archives = [fetch(cache, *each) for each in files]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for archive in archives:
        if archive.suffix == ".deb":
            need_command("dpkg-deb")
            words = ["dpkg-deb", "-x", archive, folder]
        else:
            words = ["tar", "-xf", archive, "-C", folder, "--strip-components", "1"]
        subprocess.run(words, check=True, timeout=COMMAND_S)
    return folder


def npm_packages(cache):
    """The folder node_modules of package-lock.json; installed again when that changes."""
    need_command("npm", "node")
    folder = cache / "npm"
    stamp = folder / "installed"
    wanted = (HERE / "package-lock.json").read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        folder.mkdir(parents=True, exist_ok=True)
        stamp.unlink(missing_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        done = subprocess.run(
            ["npm", "ci", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=COMMAND_S)
        if done.returncode != 0:
            raise Missing("npm cannot fetch the packages: " + done.stderr.strip()[-200:])
        stamp.write_text(wanted)
    return folder / "node_modules"
