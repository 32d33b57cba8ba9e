"""The manifests: valid, hardened, and the same rules and dashboards as the plain files."""

import importlib.util
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from exporter.config import load

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "deploy" / "kubernetes"
OVERLAYS = ("base", "prometheus-operator", "sharded")
VERSION = "1.31"


def documents(text: str) -> list[dict[str, Any]]:
    return [one for one in yaml.safe_load_all(text) if one]


def resources() -> list[tuple[str, dict[str, Any]]]:
    """Every resource that is written as a file, with its path."""
    return [
        (str(path.relative_to(FOLDER)), one)
        for path in sorted(FOLDER.glob("*/*.yaml"))
        for one in documents(path.read_text("utf-8"))
        if one.get("kind", "Kustomization") != "Kustomization"
    ]


def kustomize(overlay: str) -> list[dict[str, Any]]:
    """What an overlay builds, where the program can be had."""
    program = shutil.which("kustomize")
    command = [program, "build"] if program else ["kubectl", "kustomize"]
    if program is None and shutil.which("kubectl") is None:
        pytest.skip("neither kustomize nor kubectl is installed; Debian has none")
    built = subprocess.run(
        [*command, "--load-restrictor=LoadRestrictionsNone", str(FOLDER / overlay)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return documents(built.stdout)


def check(one: dict[str, Any]) -> None:
    """Valid by Kubernetes's own schema; the operator's kinds are not in it."""
    assert one["metadata"]["name"]
    if "monitoring.coreos.com" not in one["apiVersion"]:
        kubernetes_validate.validate(one, VERSION, strict=True)


@pytest.mark.parametrize(("path", "one"), resources(), ids=lambda one: str(one)[:40])
def test_every_manifest_is_valid(path: str, one: dict[str, Any]) -> None:
    """Each document is valid by Kubernetes's own schema; the operator's kinds have a name."""
    assert path
    check(one)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_everything_that_is_named_exists(overlay: str) -> None:
    """A kustomization names only files that are there."""
    made = yaml.safe_load((FOLDER / overlay / "kustomization.yaml").read_text())
    generated = made.get("configMapGenerator", []) + made.get("secretGenerator", [])
    for name in made["resources"] + [file for one in generated for file in one["files"]]:
        assert (FOLDER / overlay / name).exists(), name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_an_overlay_builds_is_valid_and_fits(overlay: str) -> None:
    """Selectors match the pods' labels, and volumes name what the overlay generates."""
    built = kustomize(overlay)
    for one in built:
        check(one)
    kinds = {one["kind"]: one for one in built}
    runner = kinds["StatefulSet" if overlay == "sharded" else "Deployment"]
    assert ("Deployment" in kinds) != (overlay == "sharded")
    labels = runner["spec"]["template"]["metadata"]["labels"].items()
    for selector in (
        runner["spec"]["selector"]["matchLabels"],
        kinds["Service"]["spec"]["selector"],
        kinds["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"],
    ):
        assert selector.items() <= labels
    reader = kinds["NetworkPolicy"]["spec"]["ingress"][0]["from"][0]["podSelector"]["matchLabels"]
    assert reader == {"app.kubernetes.io/name": "prometheus"}
    names = {one["metadata"]["name"] for one in built}
    for volume in runner["spec"]["template"]["spec"]["volumes"]:
        source = volume.get("configMap", {}).get("name") or volume["secret"]["secretName"]
        assert source in names


@pytest.mark.parametrize("path", ["base/deployment.yaml", "sharded/statefulset.yaml"])
def test_the_pod_is_hardened(path: str) -> None:
    """The pod runs as nobody, without privileges, on a read-only root, with limits."""
    pod = yaml.safe_load((FOLDER / path).read_text())["spec"]["template"]["spec"]
    assert pod["enableServiceLinks"] is False
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsUser"] == 65532
    assert pod["securityContext"]["runAsNonRoot"] is True
    container = pod["containers"][0]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["livenessProbe"]["httpGet"]["path"] == "/-/healthy"
    assert "limits" in container["resources"]


def test_the_sharded_set_is_the_deployment_in_three() -> None:
    """The StatefulSet differs from the Deployment in `--shard.total` alone."""
    one = yaml.safe_load((FOLDER / "base/deployment.yaml").read_text())["spec"]
    several = yaml.safe_load((FOLDER / "sharded/statefulset.yaml").read_text())["spec"]
    arguments = several["template"]["spec"]["containers"][0]["args"]
    assert arguments.pop() == f"--shard.total={several['replicas']}"
    assert several["template"] == one["template"]


def test_the_configuration_is_good_but_for_the_secret(tmp_path: Path) -> None:
    """The shipped configuration loads once its key file is there."""
    text = (FOLDER / "base/config.yaml").read_text("utf-8")
    mounted = "/etc/ringostat-exporter/secret/auth-key"
    assert mounted in text
    path = tmp_path / "config.yaml"
    path.write_text(text.replace(mounted, str(FOLDER / "base/auth-key")))
    assert load(path, {}).projects[0].key.current().reveal().startswith("replace-this")


def test_grafanas_sidecar_gets_every_dashboard_of_each_language() -> None:
    """In a map a language, with the label that the sidecar looks for."""
    folder = FOLDER / "prometheus-operator"
    maps = yaml.safe_load((folder / "kustomization.yaml").read_text())["configMapGenerator"]
    given = [(folder / name).resolve() for one in maps for name in one["files"]]
    boards = (FOLDER.parent.parent / "grafana" / "dashboards").resolve()
    assert sorted(given) == sorted(boards.rglob("*.json"))
    for one in maps:
        assert one["options"]["labels"] == {"grafana_dashboard": "1"}
        assert len({Path(name).parent for name in one["files"]}) == 1


def test_the_prometheus_rule_is_made_of_the_plain_rules() -> None:
    """`make manifests` changes nothing, and the rules are those of prometheus/rules."""
    spec = importlib.util.spec_from_file_location("build", FOLDER / "build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = (FOLDER / "prometheus-operator/prometheusrule.yaml").read_text("utf-8")
    assert text == module.build(), "make manifests"
    plain = [
        group
        for path in sorted((ROOT / "prometheus/rules").glob("*.yaml"))
        for group in yaml.safe_load(path.read_text())["groups"]
    ]
    assert yaml.safe_load(text)["spec"]["groups"] == plain
