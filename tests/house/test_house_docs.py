"""What docs say of the code is what the code's own tables say."""

from tests.house.access_table import PAGE, page


def test_the_page_of_rights_is_made_from_the_table():
    assert PAGE.read_text(encoding="utf-8") == page(), "Run: python -m tests.house.access_table"
