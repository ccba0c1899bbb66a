"""The two commands: what they refuse in one line, what the locks and the settings page promise."""

import os
import re
import socket
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
SCRIPTS = [*sorted((ROOT / "deploy").glob("*.sh")), ROOT / ".ci" / "run"]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]


def pins(name: str) -> dict[str, str]:
    lines = (REQUIREMENTS / name).read_text().splitlines()
    return dict(
        found.groups() for line in lines if (found := re.match(r"([a-z0-9-]+)==(\S+)", line))
    )


def start(script: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if name not in environment}
    return subprocess.run(
        ["bash", str(ROOT / "deploy" / script)],
        env=own | {"CHENGNUO_VAR": str(tmp_path / "var")} | environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def only_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = (done.stdout + done.stderr).strip().splitlines()
    assert len(lines) == 1, lines
    assert done.returncode == 1
    return lines[0]


def stand_in(tmp_path: Path, name: str, body: str) -> Path:
    tool = tmp_path / name
    tool.write_text(f"#!/bin/sh\n{body}\n")
    tool.chmod(0o755)
    return tool


@pytest.mark.parametrize("name", ["run.txt", "dev.txt", "uv.txt"])
def test_every_requirement_is_pinned_by_hash_and_names_no_address(name):
    text = (REQUIREMENTS / name).read_text()
    entries = re.split(r"\n(?=[a-z0-9])", text)

    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
    assert "://" not in text


def test_the_tests_run_on_the_versions_that_serve():
    assert pins("run.txt").items() <= pins("dev.txt").items()


def test_only_the_free_state_machine_is_installed():
    assert "django-fsm-2" in pins("run.txt")
    assert "django-fsm" not in pins("dev.txt")


def test_every_setting_is_in_the_example():
    page = (ROOT / "config" / "settings.py").read_text()
    read = set(re.findall(r"env(?:\.\w+)?\(\s*[\"']([A-Z_]+)[\"']", page))
    listed = set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert read - {"CHENGNUO_TEST_AXES"} <= listed


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_executable_and_parse(script):
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


def test_continuous_integration_runs_the_tests_and_nothing_else():
    lines = [
        line
        for line in (ROOT / ".ci" / "run").read_text().splitlines()
        if line[:1] not in ("", "#")
    ]

    assert lines[-1] == "exec make test"
    assert not any("||" in line for line in lines)


def test_every_package_stands_in_the_contracts():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    within = {
        place for contract in CONTRACTS["contracts"] for place in contract.get("containers", [])
    }

    assert packages == set(CONTRACTS["root_packages"])
    assert packages == within | {"config"}


def test_every_contract_inside_a_package_is_exhaustive():
    assert all(
        contract["exhaustive"] for contract in CONTRACTS["contracts"] if "containers" in contract
    )


def test_an_old_python_is_named_in_one_line(tmp_path):
    old = stand_in(tmp_path, "old-python", 'case "$2" in *print*) echo 3.9;; *) exit 1;; esac')

    line = only_line(start("setup.sh", tmp_path, PYTHON=str(old)))

    assert line.startswith("error: Python 3.11 or newer is needed (found: 3.9)")


def test_a_taken_port_is_named_in_one_line_before_anything_is_made(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = only_line(start("run.sh", tmp_path, PORT=str(port), CHENGNUO_HOST="127.0.0.1"))

    assert line.startswith(f"error: port {port} on 127.0.0.1 is already in use")
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("port", ["http", "0", "70000"])
def test_a_port_that_is_none_is_named_in_one_line(tmp_path, port):
    line = only_line(start("run.sh", tmp_path, PORT=port))

    assert line == f"error: PORT={port} is not a port number (1 to 65535)"


def test_a_full_disk_is_named_in_one_line(tmp_path):
    stand_in(tmp_path, "df", r"printf 'head\n/dev/vda 100 98 2048 99%% /\n'")

    line = only_line(start("setup.sh", tmp_path, PATH=f"{tmp_path}:{os.environ['PATH']}"))

    assert line.startswith("error: the disk is too full for the site's data: 100 MB are needed at ")
    assert line.endswith("2 MB are free")
