"""Logos over REST: the same rules as the pages, with versions in If-Match."""

from tests.conftest import Client
from tests.files.made import points, saved
from tests.world import World

PARTNERS = "/api/v1/calls/2026/partners"
OWN = "/api/v1/calls/2026/setup/partners"


def test_a_logo_is_put_read_and_removed(client: Client, world: World) -> None:
    cora, anybody = client("cora", api=True), client()
    before = anybody.get(PARTNERS).json()
    assert before["total"] == 4
    assert before["items"][0] == {
        "code": "BC",
        "name": {"en": "British Council", "ru": "Британский Совет", "kk": "Британ Кеңесі"},
        "logo": None,
    }
    picture = saved(points((320, 80)))
    assert cora.put(f"{OWN}/BC/logo", content=picture).status_code == 428
    put = cora.put(f"{OWN}/BC/logo", content=picture, headers={"If-Match": '"0"'})
    assert (put.status_code, put.headers["etag"]) == (200, '"1"')
    assert put.json()["logo"] == {"version": 1, "width": 320, "height": 80}
    assert cora.put(f"{OWN}/BC/logo", content=picture, headers={"If-Match": '"0"'}).status_code == 412
    drawing = cora.put(f"{OWN}/BC/logo", content=b"<svg/>", headers={"If-Match": '"1"'})
    assert drawing.status_code == 422
    assert [each["code"] for each in drawing.json()["errors"]] == ["file.is_drawing"]
    assert anybody.get(PARTNERS).json()["items"][0]["logo"] == {"version": 1, "width": 320, "height": 80}
    shown = anybody.get(f"{PARTNERS}/BC/logo")
    assert (shown.headers["content-type"], shown.headers["cache-control"]) == (
        "image/webp", "public, max-age=60",
    )  # fmt: skip
    assert cora.delete(f"{OWN}/BC/logo", headers={"If-Match": '"1"'}).status_code == 204
    assert anybody.get(f"{PARTNERS}/BC/logo").status_code == 404
    assert [each["version"] for each in cora.get(OWN).json()["items"]] == [2, 0, 0, 0]
    assert cora.put(f"{OWN}/BC/logo", content=picture, headers={"If-Match": '"2"'}).json()["version"] == 3
