"""What a page looks up is kept while it only shows; whatever may write looks again."""

import pytest

from coi.disclosures.kept import once


def looked(times):
    """How often one thing is looked up when a page asks for it so often, and what it got."""
    found = iter(range(times))
    return [once(("a thing", 1), lambda: next(found)) for _time in range(times)]


@pytest.mark.parametrize(("method", "told"), [("GET", [0, 0, 0]), ("HEAD", [0, 0, 0]), ("POST", [0, 1, 2]), ("PUT", [0, 1, 2])])
def test_a_page_that_shows_asks_once_and_one_that_writes_each_time(app, method, told):
    with app.test_request_context("/", method=method):
        assert looked(3) == told


def test_each_page_and_each_key_asks_for_itself(app):
    for _page in range(2):
        with app.test_request_context("/"):
            assert [once((key,), lambda key=key: key.upper()) for key in ("a", "b", "a")] == ["A", "B", "A"]
            assert once(("nothing",), lambda: None) is None
            assert once(("nothing",), lambda: 1) is None, "nothing found is kept as well"


def test_a_job_looks_each_time(app):
    assert looked(3) == [0, 1, 2]
