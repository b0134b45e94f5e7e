"""A web server that is killed in the middle of work: what it acknowledged is there, whole, and nothing else is half there."""

import queue
import threading

from tests.faults.filers import ALL, NONE, Filer, faults_of_the_log, filers, in_parallel, is_receipt, traces
from tests.faults.standing import kill, web

ROUNDS, IN_A_ROUND, AT_ONCE = 5, 16, 4
KILLED_AFTER = 7  # receipts of a round; the others are in flight or not sent yet


def submit_and_kill(port, process, people: list[Filer]) -> tuple[set[str], int]:
    """Several people sign at once until the server is killed among them; who got a receipt, and how many got no answer."""
    waiting: queue.SimpleQueue[Filer] = queue.SimpleQueue()
    for one in people:
        waiting.put(one)
    told, enough, cut = set(), threading.Event(), []

    def work() -> None:
        while not waiting.empty():
            one = waiting.get()
            try:
                answer = one.file(port)
            except OSError:
                cut.append(one.reference)
                return
            assert is_receipt(answer), (answer.code, answer.text[:500])
            told.add(one.reference)
            if len(told) >= KILLED_AFTER:
                enough.set()

    def strike() -> None:
        enough.wait(60)
        kill(process)

    assert [one for one in in_parallel([*[work] * AT_ONCE, strike]) if one is not None] == []
    return told, len(cut)


def test_what_was_acknowledged_is_there_after_kill_9(own_city):
    acknowledged, cut, everybody = set(), 0, []
    for _round in range(ROUNDS):
        people = filers(own_city, IN_A_ROUND)
        everybody += people
        with web(own_city) as (process, port):
            told, lost = submit_and_kill(port, process, people)
        acknowledged |= told
        cut += lost
        assert faults_of_the_log() == []
        left = {one.reference: traces(one.reference) for one in people}
        assert {name: found for name, found in left.items() if found not in (ALL, NONE)} == {}
        assert {name for name, found in left.items() if found == ALL} >= told
    assert len(acknowledged) >= ROUNDS * KILLED_AFTER
    assert cut > 0, "nobody was in flight: the server died too late to test anything"
    # Whoever got no answer sends the very same form again: everybody has filed once.
    with web(own_city) as (_process, port):
        for start in range(0, len(everybody), AT_ONCE):
            answers = in_parallel([lambda one=one: one.file(port) for one in everybody[start : start + AT_ONCE]])
            assert [answer for answer in answers if not is_receipt(answer)] == []
    assert {one.reference: traces(one.reference) for one in everybody} == {one.reference: ALL for one in everybody}
    assert faults_of_the_log() == []
