"""The OpenAPI document is the contract, and it is complete."""

import httpx


def test_every_operation_has_a_summary_and_documents_its_problems(server):
    document = httpx.get(server + "/api/v1/openapi.json").json()
    assert "Problem" in document["components"]["schemas"]
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path, operations in document["paths"].items():
        if not path.startswith("/api/v1/client-accounts"):
            continue
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
            for status in ("401", "403", "404", "422"):
                content = operation["responses"][status]["content"]
                assert list(content) == ["application/problem+json"], (method, path, status)


def test_the_document_names_no_page(server):
    document = httpx.get(server + "/api/v1/openapi.json").json()
    assert not [p for p in document["paths"] if p.startswith(("/accounts", "/sign"))]
