"""docs/openapi.yaml is what the code offers, whole and without a warning."""

from pathlib import Path

import yaml

JSON = {"Accept": "application/json"}
SHIPPED = Path(__file__).parents[2] / "docs" / "openapi.yaml"


def test_every_operation_says_what_it_is_and_what_can_go_wrong():
    paths = yaml.load(SHIPPED.read_text(encoding="utf-8"), yaml.CSafeLoader)["paths"]
    for operations in paths.values():
        for method, operation in operations.items():
            assert operation["summary"], operation["operationId"]
            problems = {code for code in operation["responses"] if code >= "400"}
            for code in problems:
                content = operation["responses"][code]["content"]
                assert list(content) == ["application/problem+json"]
            if method == "post":
                assert {"400", "409", "422"} <= problems, operation["operationId"]


def test_the_schema_is_served_and_its_page_has_no_script_of_its_own(client, db):
    served = client.get("/api/schema/", headers=JSON)
    page = client.get("/api/docs/")

    assert served.status_code == page.status_code == 200
    assert "/api/v1/filings/" in served.json()["paths"]
    assert "<script>" not in page.content.decode()
    assert "'self'" in page["Content-Security-Policy"]


def test_the_schema_can_be_read_in_english(client, db):
    served = client.get("/api/schema/", headers={**JSON, "Accept-Language": "en"})

    assert served.json()["paths"]["/api/v1/filings/"]["get"]["summary"] == "Filings"


def test_the_page_of_the_schema_is_chinese_whatever_the_browser_says(client, db):
    page = client.get("/api/docs/", headers={"Accept-Language": "en"})

    assert '<html lang="zh-hans"' in page.content.decode()
