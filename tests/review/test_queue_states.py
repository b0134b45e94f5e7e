"""Every state's list shows its filings on the page, for everybody who may list them."""

from coi.vocabulary import State
from tests.factories import filing


def test_each_state_is_shown_on_the_page_of_all(sign_in, db, cast):
    made = {
        state: filing(cast.finn.person, state, None if state is State.SUBMITTED else cast.sol.person)
        for state in State
        if state is not State.DRAFT
    }
    db.session.commit()
    for name in ("sia", "ada"):
        browser = sign_in(name)
        for state, one in made.items():
            page = browser.get(f"/review/?whose=all&state={state.value}").text
            assert f'<tr id="{one.reference}"' in page, state
            assert page.count("<tr id=") == 1
