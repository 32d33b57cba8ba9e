"""Writes docs/images/shifts-*.svg; `make pictures`."""

from pathlib import Path

from deploy.pictures import build

IMAGES = Path(__file__).parent.parent.parent / "docs" / "images"

if __name__ == "__main__":
    for name, picture in build().items():
        (IMAGES / name).write_text(picture, encoding="utf-8")
