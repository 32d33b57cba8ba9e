"""Writes prometheus-operator/prometheusrule.yaml of the plain rules; `make manifests`."""

from pathlib import Path

import yaml

FOLDER = Path(__file__).parent
RULES = FOLDER.parent.parent / "prometheus" / "rules"
TARGET = FOLDER / "prometheus-operator" / "prometheusrule.yaml"


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as blocks."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def build() -> str:
    """The rules of all plain files as one PrometheusRule."""
    groups = [
        group
        for path in sorted(RULES.glob("*.yaml"))
        for group in yaml.safe_load(path.read_text("utf-8"))["groups"]
    ]
    resource = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "ringostat-exporter"},
        "spec": {"groups": groups},
    }
    head = "# Made of prometheus/rules by `make manifests`; do not edit.\n"
    return head + yaml.dump(
        resource, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=99
    )


if __name__ == "__main__":
    TARGET.write_text(build(), encoding="utf-8")
