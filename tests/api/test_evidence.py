"""Evidence through the API: what it is is looked at, how large it is is limited, its owner gets it back."""

import json
from itertools import pairwise
from typing import Any, Final

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.programs import Program, refused

PICTURE: Final = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 30
TIMES: Final = '[{"start": "2026-10-20T10:00:00Z", "end": "2026-10-22T07:00:00Z"}]'


def file(name: str = "graph.png", content: bytes = PICTURE, kind: str = "image/png") -> SimpleUploadedFile:
    """Write a file as a program sends it."""
    return SimpleUploadedFile(name, content, kind)


def filed(program: Program, *files: SimpleUploadedFile, **told: Any) -> Any:
    """File October with evidence."""
    return program.send("claims", {"month": "2026-10", "times": TIMES, "evidence": list(files), **told})


def test_a_claim_is_filed_with_files_and_times_in_one_form(acme: Program) -> None:
    claim = filed(acme, file(), file("monitor.log", b"10:00 down\n", "text/csv"), words="See both.").json()
    assert claim["missing"] == []
    assert [one["media_type"] for one in claim["evidence"]] == ["image/png", "text/plain"]
    assert [one["name"] for one in claim["evidence"]] == ["graph.png", "monitor.log"]
    assert claim["times"][0]["start"] == "2026-10-20T10:00:00Z"
    assert claim["words"] == "See both."


def test_times_are_sent_in_one_part_of_a_form_or_each_in_its_own(acme: Program) -> None:
    """A program that was made from the description sends each in its own."""
    parts = ["2026-10-20T10:00:00Z", "2026-10-20T11:00:00Z", "2026-10-20T12:00:00Z"]
    times = [{"start": start, "end": end} for start, end in pairwise(parts)]
    for form in ([json.dumps(times)], [json.dumps(one) for one in times], [json.dumps(times[0])]):
        claim = acme.send("claims", {"month": "2026-10", "times": form}).json()
        assert claim["times"] == times[: len(claim["times"])]
        assert len(claim["times"]) == (1 if form == [json.dumps(times[0])] else 2)
        acme.post(f"claims/{claim['id']}/withdraw")


def test_its_owner_gets_a_file_back_as_an_attachment_only(acme: Program, rival: Program) -> None:
    claim = filed(acme, file('gr"aph\n.png')).json()
    path = f"claims/{claim['id']}/evidence/{claim['evidence'][0]['id']}"
    answer = acme.get(path, Accept="text/html")
    assert answer.content == PICTURE
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert refused(rival.get(path), 404, "not_found") == refused(rival.get(f"claims/{claim['id']}"), 404, "not_found")
    refused(acme.get(f"claims/{claim['id']}/evidence/{claim['id']}"), 404, "not_found")


def test_what_a_file_is_is_looked_at_and_not_believed(acme: Program) -> None:
    for content in (
        b"MZ\x90\x00" + b"\x00" * 60,
        b"\x7fELF" + b"\x01" * 60,
        b"PK\x03\x04" + b"\x00" * 60,
        b"\x00\x01\x02",
    ):
        answer = filed(acme, file(), file("virus.png", content))
        (fault,) = refused(answer, 422, "evidence_type_refused")["errors"]
        assert (fault["field"], fault["value"]) == ("evidence.1", "virus.png")
        assert fault["problem"] == "“virus.png”: Evidence is a picture (PNG, JPEG, GIF, WebP), a PDF or plain text."
        assert fault["mend"] == "Send a picture, a PDF or plain text."
    page = filed(acme, file("page.png", b"<script>alert(1)</script>")).json()
    assert page["evidence"][0]["media_type"] == "text/plain"


def test_a_file_is_limited_in_size(acme: Program, settings: LazySettings) -> None:
    settings.MAKEGOOD_EVIDENCE_BYTES = 1_000
    for content, code, problem in (
        (b"x" * 1_001, "evidence_too_large", "The file is larger than 1000\xa0bytes."),
        (b"", "evidence_empty", "The file is empty."),
    ):
        told = refused(filed(acme, file(content=content)), 422, code)
        (fault,) = told["errors"]
        assert (fault["field"], fault["value"]) == ("evidence.0", "graph.png")
        assert told["detail"] == fault["problem"] == f"“graph.png”: {problem}"
    assert acme.get("claims").json()["items"] == []
    assert filed(acme, file(content=b"x" * 1_000)).status_code == 201


def test_all_files_together_are_limited(acme: Program, settings: LazySettings) -> None:
    settings.MAKEGOOD_EVIDENCE_BYTES = 1_000
    refused(filed(acme, file(content=b"x" * 1_100_000)), 413, "body_too_large")
    many = [file(f"{number}.log", f"{number}".encode()) for number in range(21)]
    (fault,) = refused(filed(acme, *many), 422, "fields_unusable")["errors"]
    assert fault["field"] == "evidence"
    hundreds = [file(f"{number}.log", f"{number}".encode()) for number in range(101)]
    refused(filed(acme, *hundreds), 400, "bad_request")


def test_evidence_is_added_to_an_open_claim_once(acme: Program) -> None:
    claim = acme.post("claims", {"month": "2026-10"}).json()["id"]
    both = {"times": TIMES, "evidence": [file()], "words": "Here."}
    added = acme.send(f"claims/{claim}/add", {**both, "evidence": [file()]}, named="adding").json()
    again = acme.send(f"claims/{claim}/add", {**both, "evidence": [file()]}, named="adding").json()
    assert added == again
    assert len(added["evidence"]) == len(added["times"]) == 1
    told = acme.get(f"claims/{claim}/history").json()["items"]
    assert [one["type"] for one in told] == ["claims.claim_filed", "claims.times_added", "claims.evidence_added"]


def test_a_claim_that_is_full_takes_no_more(acme: Program) -> None:
    claim = filed(acme, *(file(f"{number}.log", f"{number}".encode()) for number in range(20))).json()["id"]
    answer = acme.send(f"claims/{claim}/add", {"evidence": [file(), file("b.log", b"b")]})
    (fault,) = refused(answer, 422, "too_much_evidence")["errors"]
    assert (fault["field"], json.loads(fault["value"])) == ("evidence", ["graph.png", "b.log"])
    assert fault["mend"] == "Send fewer files: a claim holds 20."


@pytest.mark.parametrize("times", ["all day", "{}", "[1]", '[{"start": "2026-10-20T10:00:00Z"}]'])
def test_times_in_a_form_are_json(acme: Program, times: str) -> None:
    errors = refused(filed(acme, times=times), 422, "fields_unusable")["errors"]
    assert all(one["field"].startswith("times") for one in errors)
