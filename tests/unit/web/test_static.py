"""What the pages load is ours or vendored exactly, and nothing is inline."""

import json
import re

import pytest

from landbridge.web import assets, rendering

VENDOR = assets.ROOT / "vendor"
TEMPLATES = sorted(rendering.TEMPLATES.rglob("*.html"))


def test_vendored_files_are_those_that_were_published():
    listed = {}
    for package in json.loads((VENDOR / "vendored.json").read_text()):
        folder = f"{package['name'].removesuffix('.org')}-{package['version']}/"
        assert package["npm_integrity"].startswith("sha512-")
        assert f"{folder}LICENSE" in package["files"]
        assert all(name.startswith(folder) for name in package["files"])
        listed |= package["files"]
    found = {
        str(f.relative_to(VENDOR)): assets.integrity(f"vendor/{f.relative_to(VENDOR)}")
        for f in VENDOR.rglob("*")
        if f.is_file() and f.name != "vendored.json"
    }
    assert found == listed


def test_every_vendored_script_is_checked_by_the_browser():
    listed = json.loads((VENDOR / "vendored.json").read_text())
    for script in assets.vendored():
        path = script.url.partition("?")[0].removeprefix("/static/vendor/")
        assert any(package["files"].get(path) == script.integrity for package in listed)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)
def test_no_template_has_inline_script_or_style(template):
    text = template.read_text()
    assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:|hx-on|hx-vals", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)
def test_nothing_is_exempt_from_escaping(template):
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", template.read_text())


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)
def test_htmx_attributes_are_written_in_a_few_macros_only(template):
    used = set(re.findall(r"\bhx-[a-z:-]+", template.read_text()))
    allowed = {"hx-morph-skip", "hx-swap-oob"}
    assert template.name == "live.html" or used <= allowed


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)
def test_every_template_compiles(template):
    name = str(template.relative_to(rendering.TEMPLATES))
    assert rendering.environment().get_template(name)


def test_style_sheets_take_colours_from_tokens_only():
    for sheet in (assets.ROOT / "css").glob("*.css"):
        if sheet.name != "tokens.css":
            text = re.sub(r'url\("data:[^)]*\)', "", sheet.read_text())
            assert not re.search(r":[^;{]*#[0-9a-fA-F]{3,8}\b", text), sheet.name
