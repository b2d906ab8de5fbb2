"""The page: whole, quiet towards the network, right in its numbers, safe against hostile names."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import polars as pl
import pytest

from suyuan.reporting import render_backward_page, render_page, render_picture
from suyuan.reporting.frame import content_policy
from suyuan.reporting.markup import VOID

HOSTILE = "</script><img src=x onerror=alert(1)>\u202e\"'&=cmd"


class Reader(HTMLParser):
    """Checks that every tag is closed in its turn and gathers what the tests ask about."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not self.open or self.open[-1] not in ("style", "script"):
            self.words.append(data)

    def with_(self, attribute: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.tags if attribute in attributes]


@pytest.fixture(params=["en", "zh"])
def lang(request) -> str:
    return request.param


def test_the_page_is_well_formed_and_asks_nothing_from_anywhere(traced, traced_back, lang, made_at):
    """Every tag closes, no address stands in the page, and the policy forbids all loading."""
    page = render_page(traced, lang, made_at, traced_back)
    reader = Reader(page)
    assert "http://" not in page
    assert "https://" not in page
    assert {tag for tag, _ in reader.tags}.isdisjoint({"img", "link", "iframe", "object", "base"})
    assert not reader.with_("src")
    assert not reader.with_("style"), "a style attribute would be refused by the page's own policy"
    assert all(a["href"].startswith("#") for a in reader.with_("href"))
    policy = next(a["content"] for a in reader.with_("http-equiv"))
    assert policy == content_policy()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_links_inside_the_page_lead_somewhere(traced, traced_back, lang):
    """Each entry of the contents names a section that exists, and no anchor is used twice."""
    reader = Reader(render_page(traced, lang, backward=traced_back))
    anchors = [a["id"] for a in reader.with_("id")]
    assert len(anchors) == len(set(anchors))
    assert {a["href"][1:] for a in reader.with_("href")} <= set(anchors)


def test_the_numbers_of_the_page_are_those_of_the_tables(traced, lang):
    """Tiles, contact rows and their rings count exactly what the tables hold."""
    reader = Reader(render_page(traced, lang))
    tiles = {a["data-figure"]: int(a["data-n"]) for a in reader.with_("data-figure")}
    rings = dict(traced.contacts.group_by("ring").len().iter_rows())
    assert tiles == {"case": traced.cases.height, **rings}
    shown = pl.Series([a["data-ring"] for a in reader.with_("data-ring")]).value_counts()
    assert dict(shown.iter_rows()) == rings


def test_contacts_stand_by_ring_and_then_by_probability(traced):
    """The most urgent stand first: close before second ring, and larger probabilities before smaller ones."""
    page = render_page(traced)
    people = re.findall(r'data-label="Person"><b>(C\d+)</b>|<b>(C\d+)</b>', page)
    found = [a or b for a, b in people]
    order = {"close": 0, "contact_of_contact": 1, "general": 2, "colocated": 3}
    rows = sorted(
        traced.contacts.iter_rows(named=True), key=lambda r: (order[r["ring"]], -r["p_infection"], r["person_id"])
    )
    assert found == [row["person_id"] for row in rows]


def test_time_zone_edition_and_hour_of_writing_are_printed(traced, lang, made_at):
    """The reader sees on whose clock the times are, which edition was applied, and when the page was made."""
    words = "".join(Reader(render_page(traced, lang, made_at)).words)
    assert "Asia/Shanghai" in words
    assert traced.protocol.name.text(lang) in words
    assert "2022-07-16 11:30" in words
    assert "www.gov.cn/x" in words


def test_equal_results_give_equal_pages(traced, lang):
    """Without a time of writing the page depends on the result alone."""
    assert render_page(traced, lang) == render_page(traced, lang)


def test_evidence_is_told_in_words(traced):
    """A contact's row says place, interval, minutes, the case and the rule."""
    words = " ".join(Reader(render_page(traced)).words)
    where_when = r"classroom SCHOOL-\d, class \d, \d+ Jul \d\d:\d\d–\d\d:\d\d"
    pattern = where_when + r", \d+ min together with \w+; rule: same class, at least 15 min"
    assert re.search(pattern, words)
    assert "counting up to 30 min after the case left" in words


def test_hostile_names_stay_text(traced, lang):
    """A place named like markup is shown as text in page and picture and cannot reverse what follows it."""
    bad = [pl.when(pl.col("place_id").is_not_null()).then(pl.lit(HOSTILE)).alias("place_id")]
    hostile = replace(
        traced,
        evidence=traced.evidence.with_columns(*bad, pl.lit(HOSTILE).alias("source"), pl.lit(HOSTILE).alias("zone")),
        itinerary=traced.itinerary.with_columns(*bad, pl.lit(HOSTILE).alias("place_kind")),
        places=traced.places.with_columns(*bad, pl.lit(HOSTILE).alias("place_kind")),
        contacts=traced.contacts.with_columns(pl.lit(HOSTILE).alias("rule")),
    )
    for text in (render_page(hostile, lang), render_picture(hostile, lang)):
        reader = Reader(text)
        assert "img" not in {tag for tag, _ in reader.tags}
        assert not reader.with_("onerror")
        assert "\u202e" not in text
    assert sum(tag == "script" for tag, _ in Reader(render_page(hostile, lang)).tags) == 1


def test_nothing_found_says_so(nothing, lang):
    """An empty result gives a whole page that says nobody was found and asks to look at the gaps."""
    words = "".join(Reader(render_page(nothing, lang)).words)
    assert {"en": "nobody was found", "zh": "未发现接触者"}[lang] in words
    assert Reader(render_picture(nothing, lang)).tags


def test_no_case_at_all_still_gives_a_page(nothing, lang):
    """Even without a case page and picture are whole."""
    empty = replace(nothing, cases=nothing.cases.clear())
    assert Reader(render_page(empty, lang)).tags
    assert Reader(render_picture(empty, lang)).tags


def test_places_without_coordinates_give_no_map_and_are_named_as_a_limit(traced):
    """Without coordinates the page says why there is no map, and counts the places under the limits."""
    blank = traced.places.with_columns(
        pl.lit(None, pl.Float64).alias("longitude"), pl.lit(None, pl.Float64).alias("latitude")
    )
    words = " ".join(Reader(render_page(replace(traced, places=blank))).words)
    assert "No place of this result has coordinates" in words
    assert f"{blank.height} places without coordinates" in words


def test_the_limits_name_what_is_missing(traced):
    """Missing onset, missing isolation, weak evidence and hours without record are all said."""
    words = " ".join(Reader(render_page(traced)).words)
    for piece in (
        "1 case without a date of onset",
        "1 case without a time of isolation",
        "rest on location data only",
        "nothing is known of",
    ):
        assert piece in words


def test_an_edition_without_a_second_ring_says_so(traced, make_edition):
    """Where the edition drops contacts of contacts the page says to leave them alone."""
    words = " ".join(Reader(render_page(replace(traced, protocol=make_edition(second_ring=False)))).words)
    assert "no longer determined" in words


def test_many_contacts_stay_small_and_name_the_full_list(make_traced):
    """Of thousands the page shows the first thousand, says where the rest is, and stays far below 10 MB."""
    page = render_page(make_traced(20, 1500, 2500))
    reader = Reader(page)
    assert len(reader.with_("data-ring")) == 1000
    assert "The first 1,000 of 4,000 people" in " ".join(reader.words)
    assert len(page.encode()) < 3_000_000


def test_the_backward_page_tells_candidates_places_and_shared_exposures(traced_back, lang, made_at):
    """Each case has its candidates, most likely first, and the planted shared place stands first."""
    page = render_backward_page(traced_back, lang, made_at)
    words = "".join(Reader(page).words)
    first = traced_back.candidates.filter(pl.col("case_id") == "P00000").sort("p", descending=True)["candidate_id"][0]
    assert first in words
    assert words.index("MARKET-0") < words.index("MARKET-1")
    assert "http" not in page.replace("http-equiv", "")


def test_the_page_says_with_whom_the_cases_were_compared(traced_back, lang):
    """A q value stands beside the people it was reckoned from: neighbours in round numbers, or the whole log."""
    near = "".join(Reader(render_backward_page(traced_back, lang)).words)
    assert {"en": "about 41,000 people who live where", "zh": "约 41,000 人作比较"}[lang] in near
    whole = replace(traced_back, compared="whole_log", n_compared=1234)
    words = "".join(Reader(render_backward_page(whole, lang)).words)
    assert {"en": "everybody in the log (1,234 people)", "zh": "全部人员（1,234 人）"}[lang] in words


def test_an_empty_backward_result_says_so(traced_back, lang):
    """No candidate, place or shared exposure: the page says it in so many words."""
    empty = replace(
        traced_back,
        candidates=traced_back.candidates.clear(),
        places=traced_back.places.clear(),
        common=traced_back.common.clear(),
    )
    words = "".join(Reader(render_backward_page(empty, lang)).words)
    assert {"en": "Nothing was found inside the exposure windows", "zh": "没有发现候选者"}[lang] in words


def test_the_picture_is_one_document_without_references(traced, lang):
    """The picture parses as XML and the SVG namespace is its only address."""
    from xml.etree import ElementTree as ET

    text = render_picture(traced, lang)
    root = ET.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert text.count("http") == 1
    assert f">{traced.cases.height}<" in text


def test_the_first_calls_are_few_enough_to_make(make_traced):
    """However many contacts are likely infected, the page names at most fifty to begin with."""
    words = " ".join(Reader(render_page(make_traced(5, 600, 0))).words)
    assert "Begin with the 50 people" in words
