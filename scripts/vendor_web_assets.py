"""Vendor the front-end assets from two npm tarballs, with licence and checksum.

    python scripts/vendor_web_assets.py GOVUK_FRONTEND.tgz AXE_CORE.tgz

GOV.UK Frontend 6.3.0 is MIT, but its typeface, crown and crest are not ours to use. They are cut out of the
stylesheet, which is why the vendored file differs from the published one; the script is the record of how.
axe-core (MPL 2.0) serves the browser tests only and is never shipped.
"""

import argparse
import hashlib
import re
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "src/wardkeeper/web/static/vendor/govuk-frontend"
TESTS = ROOT / "tests/browser_assets"

MIT = """The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""

CUTS = (
    r"/\*![^*]*Margaret Calvert[^*]*\*/",
    r"@font-face\{[^}]*\}",
    r"[^{}]*(?:copyright-logo|crown|logotype)[^{}]*\{[^{}]*\}",
    r"\n?/\*# sourceMappingURL=[^*]*\*/",
)
"""What is cut: the typeface and its notice, the crest, the crown and logotype, and the map of sources."""


def strip_brand(css: str) -> str:
    """Cut the typeface, the crown and the crest; use Arial or Helvetica instead."""
    for cut in CUTS:
        css = re.sub(cut, "", css)
    css = css.replace("GDS Transport,arial,sans-serif", "arial,helvetica,sans-serif")
    left = re.search(r"GDS|url\(|crest|crown", css)
    if left:
        raise SystemExit(f"{left.group()!r} is still in the stylesheet: extend CUTS")
    return css


def write_checked(folder: Path, files: dict[str, bytes]) -> None:
    """Write the files and a CHECKSUMS file in the form `sha256sum --check` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    (folder / "CHECKSUMS").write_text("".join(lines), encoding="utf-8")


def vendor_govuk(tarball: Path) -> None:
    """Write the stylesheet without its brand, the script and the licence."""
    with tarfile.open(tarball) as package:
        css = _member(package, "package/dist/govuk/govuk-frontend.min.css").decode()
        script = _member(package, "package/dist/govuk/govuk-frontend.min.js").decode()
    script = re.sub(r"//# sourceMappingURL=\S*", "", script)
    files = {
        "govuk-frontend-6.3.0.min.css": strip_brand(css).encode(),
        "govuk-frontend-6.3.0.min.js": script.encode(),
        "LICENSE.txt": MIT.encode(),
    }
    write_checked(SHIPPED, files)


def vendor_axe(tarball: Path) -> None:
    """Write axe-core and its licences for the browser tests."""
    with tarfile.open(tarball) as package:
        files = {
            "axe-core-4.14.1.min.js": _member(package, "package/axe.min.js"),
            "LICENSE-axe-core": _member(package, "package/LICENSE"),
            "LICENSE-axe-core-3RD-PARTY.txt": _member(package, "package/LICENSE-3RD-PARTY.txt"),
        }
    write_checked(TESTS, files)


def _member(package: tarfile.TarFile, name: str) -> bytes:
    stream = package.extractfile(name)
    if stream is None:
        raise SystemExit(f"{name} is not in the package: check its version")
    return stream.read()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("govuk_frontend", type=Path)
    parser.add_argument("axe_core", type=Path)
    arguments = parser.parse_args()
    vendor_govuk(arguments.govuk_frontend)
    vendor_axe(arguments.axe_core)
