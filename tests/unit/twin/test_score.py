import polars as pl
import pytest

from suyuan.terms import BadInput
from suyuan.twin.score import Share, days_in, infector_of, score, score_tables, waves_after

TRUTH = pl.DataFrame(
    {
        "person_id": ["case", "a", "b", "c", "d", "e", "other"],
        "infector_id": [None, "case", "case", "a", None, "c", "stranger"],
        "contaminated_by": [None, None, None, None, "b", None, None],
    }
)
CASES = pl.DataFrame({"person_id": ["case"]})


def contacts(*rows):
    return pl.DataFrame(rows, schema=["person_id", "ring", "quarantine"], orient="row")


def test_recall_counts_only_people_infected_by_traced_cases():
    """Of a and b, infected by the case, only a is listed: recall is 1 of 2; the stranger's infectee does not count."""
    result = score_tables(TRUTH, CASES, contacts(("a", "close", ""), ("other", "close", ""), ("x", "close", "")))
    assert result.close == Share(1, 2)
    assert result.precision_close == Share(1, 3)


def test_contacts_of_contacts_may_be_found_in_either_ring():
    """Infected through a, or an object that b contaminated: both are the second wave, and a close listing counts."""
    result = score_tables(TRUTH, CASES, contacts(("c", "contact_of_contact", ""), ("d", "close", "")))
    assert result.contact_of_contact == Share(2, 2)
    assert result.any_ring == Share(2, 4)
    assert result.close == Share(0, 2)


def test_person_days_are_counted_once_a_person_at_the_longest_term():
    """Somebody listed twice is locked up once; health monitoring locks nobody up."""
    listed = contacts(
        ("a", "close", "facility 7 d + home 3 d"),
        ("a", "close", "home 7 d"),
        ("x", "contact_of_contact", "home 7 d"),
        ("y", "general", "monitoring 7 d"),
    )
    result = score_tables(TRUTH, CASES, listed)
    assert result.quarantine_person_days == 17
    assert result.quarantine_days_per_infectee == 17
    assert result.precision_listed == Share(1, 2)


def test_generations_are_found_until_the_first_gap():
    """Waves 1 and 3 are listed, wave 2 is not: one generation was found."""
    result = score_tables(TRUTH, CASES, contacts(("b", "general", ""), ("e", "colocated", "")))
    assert result.generations == (Share(1, 2), Share(0, 2), Share(1, 1))
    assert result.generations_found == 1


def test_the_traced_cases_themselves_are_never_contacts_to_find():
    """A second case whom the first infected is neither asked for nor counted as listed."""
    both = pl.DataFrame({"person_id": ["case", "a"]})
    result = score_tables(TRUTH, both, contacts(("a", "close", "home 7 d"), ("c", "close", "home 7 d")))
    assert result.close == Share(1, 2)
    assert result.quarantine_person_days == 7


def test_false_positive_cases_leave_nothing_to_find():
    """Without an infected case recall is not defined, while precision and days still are."""
    result = score_tables(TRUTH, pl.DataFrame({"person_id": ["nobody"]}), contacts(("x", "close", "home 5 d")))
    assert result.close.share is None
    assert result.precision_close.share == 0
    assert result.quarantine_days_per_infectee is None
    assert "None of the traced cases" in result.sentences()[0]


def test_sentences_exist_in_both_languages():
    """Five sentences in English and in Chinese, and a dictionary that JSON can hold."""
    result = score_tables(TRUTH, CASES, contacts(("a", "close", "home 7 d")))
    assert len(result.sentences("en")) == len(result.sentences("zh")) == 5
    assert result.as_dict()["close"] == {"found": 1, "of": 2, "share": 0.5}


def test_a_folder_is_read_and_a_missing_file_is_named(tmp_path):
    """Score reads truth and result from folders, and says which file is missing."""
    with pytest.raises(BadInput, match=r"truth/infections\.parquet is missing"):
        score(tmp_path, tmp_path)
    (tmp_path / "truth").mkdir()
    TRUTH.write_parquet(tmp_path / "truth" / "infections.parquet")
    with pytest.raises(BadInput, match=r"cases\.parquet is missing"):
        score(tmp_path, tmp_path)
    CASES.write_parquet(tmp_path / "cases.parquet")
    contacts(("a", "close", "home 7 d")).write_parquet(tmp_path / "contacts.parquet")
    assert score(tmp_path, tmp_path).close == Share(1, 2)


def test_a_missing_column_is_named():
    """A result without rings is refused with the column's name."""
    with pytest.raises(BadInput, match="no column ring"):
        score_tables(TRUTH, CASES, pl.DataFrame({"person_id": ["a"]}))


def test_waves_do_not_return_to_people_already_seen():
    """A wave holds each person once, at the smallest number of steps."""
    infector = {"b": "a", "c": "b", "a": "c"}
    assert waves_after({"a"}, infector) == [{"b"}, {"c"}]


def test_an_object_hands_on_the_infector_who_contaminated_it():
    """Through an object the infector is its contaminator; goods that came contaminated have none."""
    assert infector_of(TRUTH)["d"] == "b"
    assert "case" not in infector_of(TRUTH)


def test_days_of_quarantine_are_read_from_the_words():
    """Facility and home days add up, decimals included; other words are 0."""
    assert days_in("facility 5 d + home 3.5 d") == 8.5
    assert days_in("monitoring 3 d") == 0
