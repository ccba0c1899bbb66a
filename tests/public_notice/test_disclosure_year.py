"""The table of the annual report: in each column, new and carried in are results and carried out; whatever happened."""

from datetime import timedelta

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from public_notice.rules.disclosure import CHOSEN, KIND_OF, RESTS_ON, TABLE, Handled, annual
from public_notice.stages import AnswerKind, Applicant, Result
from tests.conftest import instant

FIRST, NEXT = instant("2018-01-01 00:00"), instant("2019-01-01 00:00")
DAYS = st.integers(-800, 800)


@st.composite
def handled(draw):
    """A request of any time around the year; ended after it was received, or not at all; at the very edges, too."""
    received = FIRST + timedelta(days=draw(DAYS))
    result = draw(st.sampled_from(["", *Result.values]))
    closed = received + timedelta(days=draw(st.integers(0, 800))) if result else None
    return Handled(draw(st.sampled_from(Applicant.values)), received, closed, result)


@seed(58)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(handled(), max_size=20))
def test_it_comes_out_even(rows):
    table = annual(rows, 2018, FIRST, NEXT)

    assert table.balanced
    for column in range(len(Applicant.values) + 1):
        counted = sum(line.numbers[column] for line in table.results)
        assert counted == table.total.numbers[column]
    assert all(line.numbers[-1] == sum(line.numbers[:-1]) for line in table.lines)


@seed(58)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(handled(), max_size=20))
def test_what_a_year_hands_on_the_next_takes_over(rows):
    table = annual(rows, 2018, FIRST, NEXT)
    after = annual(rows, 2019, NEXT, instant("2020-01-01 00:00"))

    assert after.carried_in.numbers == table.carried_out.numbers


def test_every_result_has_one_row_and_every_kind_of_answer_is_given():
    assert sorted(r for _group, _label, counted in TABLE for r in counted) == sorted(Result)
    assert set(RESTS_ON) == set(Result)
    assert set(KIND_OF.values()) == set(AnswerKind)
    assert set(Result) - set(CHOSEN) == {Result.NOT_CORRECTED, Result.NOT_PAID, Result.TAKEN_BACK}
