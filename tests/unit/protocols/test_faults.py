"""Every kind of wrong file gives its sentence, in both languages."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from suyuan.protocols import FaultyEdition, check, load
from suyuan.terms import LANGUAGES

MEASLES = (files("suyuan.protocols") / "editions" / "measles.toml").read_text("utf-8")
HOME = '[places.home]\nclose = { minutes = 1, lingering_minutes = 120, scope = "place" }'

WRONG = [
    ("not_toml", "issued = 2026-11-22", "issued = ", "", "line"),
    ("unknown_key", "days_before_onset = 4", "days_before_onset = 4\nmood = 1", "[tracing_window] mood", "days_after"),
    ("missing_key", "days_before_onset = 4\n", "", "[tracing_window] days_before_onset", "Add it"),
    ("missing_kind", "[places.lift]", "[places_lift]", "[places]", "lift"),
    ("unknown_key", "[places.lift]", "[places.elevator]", "[places] elevator", "lift"),
    ("no_source", 'days_after_onset = 4\nsource = "cdc"', "days_after_onset = 4", "[tracing_window] source", "Add"),
    ("unknown_source", 'after_onset = 4\nsource = "cdc"', 'after_onset = 4\nsource = "dcd"', "[tracing_window]", "dcd"),
    ("unknown_source", 'dose_source = "hopesimpson1952"', 'dose_source = "x"', "[places.home] dose_source", "x"),
    ("not_table", HOME, "[places.home]\nclose = 5", "[places.home] close", "5"),
    ("missing_key", "[clocks]\n", "[clock]\n", "clocks", "Add it"),
    ("not_list", 'quarantine = [{ kind = "home", days = 21 }]', "quarantine = 21", "[rings.close] quarantine", "21"),
    ("not_whole", "days_before_onset = 4", 'days_before_onset = "four"', "[tracing_window]", "'four'"),
    ("not_whole", "days_before_onset = 4", "days_before_onset = true", "[tracing_window]", "True"),
    ("not_whole", HOME, HOME.replace("= 1,", "= 1.5,"), "[places.home.close] minutes", "1.5"),
    ("not_number", "mean_days = 14.0", "mean_days = 'long'", "[incubation] mean_days", "long"),
    ("not_text", 'pathogen = "measles virus"', "pathogen = 5", "pathogen", "5"),
    ("not_yes_no", "determined = true", "determined = 'yes'", "[rings.close] determined", "yes"),
    ("not_date", "issued = 2026-11-22", "issued = '2026-11-22'", "issued", "2026"),
    ("not_date", "issued = 2026-11-22", "issued = 2026-11-22T10:00:00", "issued", "2026"),
    ("not_one_of", HOME, HOME.replace('"place"', '"room"'), "[places.home.close] scope", "place, zone"),
    ("not_one_of", '[{ kind = "home", days = 21 }]', '[{ kind = "hotel", days = 21 }]', "quarantine[1]", "facility"),
    ("wrong_form", 'id = "measles"', 'id = "Measles 1"', "id", "covid19-9"),
    ("wrong_form", 'date = "2014"', 'date = "May 2014"', "[sources.vink2014] date", "2022-06-28"),
    ("out_of_range", "mean_days = 14.0", "mean_days = 0", "[incubation] mean_days", "> 0"),
    ("out_of_range", "mean_days = 14.0", "mean_days = nan", "[incubation] mean_days", "nan"),
    ("out_of_range", HOME, HOME.replace("= 1,", "= 0,"), "[places.home.close] minutes", "≥ 1"),
    ("out_of_range", "attack_rate = 0.756", "attack_rate = 1.0", "[places.home.from_attack_rate]", "< 1"),
    ("no_clause", 'doi = "10.1093/aje/kwu209"\n', "", "[sources.vink2014] clause", "derived"),
    ("no_reason", 'note = "Rash at 14 d less the 4 infectious days before it."', "", "[sources.latent] note", "reason"),
    ("window_turned", "earliest_days_before_onset = 21.0", "earliest_days_before_onset = 5", "[exposure_window]", "5"),
    ("peak_not_one", "0.7, 1.0, 1.0, 0.8", "0.7, 0.9, 0.9, 0.8", "[infectiousness] relative", "0.9"),
    ("peak_not_one", "relative = [0.4, 0.7, 1.0, 1.0, 0.8, 0.5, 0.3, 0.2, 0.1]", "relative = []", "relative", "0"),
    ("two_derivations", HOME, HOME + '\nfrom_kind = { kind = "shop", ratio = 1 }', "[places.home]", "twice"),
    (
        "general_not_wider",
        HOME,
        HOME + '\ngeneral = { minutes = 5, lingering_minutes = 0, scope = "zone" }',
        "[places.home] general",
        "nobody",
    ),
    ("quarantine_of_nobody", "determined = true", "determined = false", "[rings.close] quarantine", "not determined"),
    ("no_quarantine", '[{ kind = "home", days = 21 }]', "[]", "[rings.close] quarantine", "no quarantine"),
    ("ring_never_counts", "until_quarantine_days = 14.0", "until_quarantine_days = 9", "[rings.close]", "before"),
    ("test_without_step", "test_days = []", "test_days = [{ kind = 'facility', days = [1] }]", "[rings.close]", "fac"),
    ("test_day_outside", "test_days = []", "test_days = [{ kind = 'home', days = [1, 22] }]", "[rings.close]", "22"),
    ("test_day_outside", "test_days = []", "test_days = [{ kind = 'home', days = [0] }]", "[rings.close]", "day 0"),
]


@pytest.mark.parametrize(
    ("code", "old", "new", "where", "hint"), WRONG, ids=[f"{row[0]}-{i}" for i, row in enumerate(WRONG)]
)
def test_each_wrong_file_gives_its_sentence(tmp_path: Path, code: str, old: str, new: str, where: str, hint: str):
    """The sentence names the file, the table and key, and a mend, in English and Chinese."""
    assert old in MEASLES
    path = tmp_path / "mine.toml"
    path.write_text(MEASLES.replace(old, new, 1), "utf-8")
    faults = {fault.code: fault for fault in check(path)}
    assert f"protocol.{code}" in faults
    english, chinese = (faults[f"protocol.{code}"].sentence(lang) for lang in LANGUAGES)
    assert "mine.toml" in english
    assert where in english
    assert hint in english
    assert "mine.toml" in chinese
    assert where in chinese
    assert "。" in chinese


def test_all_faults_are_told_at_once(tmp_path: Path):
    """Three faults in three tables give three sentences, and loading raises them together."""
    text = MEASLES.replace("days_before_onset = 4", "days_before_onset = -4", 1)
    text = text.replace("mean_days = 14.0", "mean_days = 'x'", 1).replace("[places.lift]", "[lift]", 1)
    path = tmp_path / "three.toml"
    path.write_text(text, "utf-8")
    codes = [fault.code for fault in check(path)]
    assert sorted(codes) == [
        f"protocol.{code}" for code in ("missing_kind", "not_number", "out_of_range", "unknown_key")
    ]
    with pytest.raises(FaultyEdition) as caught:
        load(path)
    assert len(str(caught.value).splitlines()) == 5
    assert "发现问题 4 处" in caught.value.sentence("zh")


def test_not_a_text_file(tmp_path: Path):
    """A file in another encoding is refused with the mend."""
    path = tmp_path / "gbk.toml"
    path.write_bytes('name = "北京"'.encode("gbk"))
    (fault,) = check(path)
    assert fault.code == "protocol.not_text_file"
    assert "UTF-8" in str(fault)


def test_absent_file(tmp_path: Path):
    """An absent file is a fault, not a traceback."""
    (fault,) = check(tmp_path / "absent.toml")
    assert fault.code == "file.absent"


def test_both_languages_hold_the_same_sentences():
    """Chinese and English have the same keys and the same placeholders."""
    folder = files("suyuan.terms") / "texts"
    english, chinese = (tomllib.loads((folder / f"protocols.{lang}.toml").read_text("utf-8")) for lang in LANGUAGES)
    for table, sentences in english.items():
        assert sentences.keys() == chinese[table].keys()
        for key, sentence in sentences.items():
            assert set(re.findall(r"\{(\w+)\}", sentence)) == set(re.findall(r"\{(\w+)\}", chinese[table][key])), key
