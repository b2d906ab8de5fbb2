"""The register: well-formed, plausible, repeatable, and about nobody."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from suyuan.cli.root import run
from suyuan.terms import BadInput, BadUsage, person_code_fault, say
from suyuan.terms.identity import TELEPHONE
from suyuan.terms.people import Vulnerability
from suyuan.twin.city import City
from suyuan.twin.columns import CityColumns
from suyuan.twin.register import COLUMNS, FLAG, write_register
from suyuan.twin.register_numbers import draw_birth_dates
from suyuan.twin.write import write_structure

TEXT = dict.fromkeys(("identity_number", "telephone", "area_code"), pl.String)
TODAY = date(2021, 5, 17)


def written(town: City, out: Path) -> Path:
    for folder in ("observed", "truth"):
        (out / folder).mkdir(parents=True)
    write_structure(town, CityColumns(town), out)
    (out / "about.json").write_text(json.dumps({"start": TODAY.isoformat()}), "utf-8")
    return out


@pytest.fixture(scope="module")
def folder(town: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = written(town, tmp_path_factory.mktemp("register") / "city")
    write_register(out, 1)
    return out


@pytest.fixture(scope="module")
def register(folder: Path) -> pl.DataFrame:
    return pl.read_csv(folder / "observed" / "register.csv", schema_overrides=TEXT, try_parse_dates=True)


@pytest.fixture(scope="module")
def people(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(folder / "truth" / "people.parquet").with_columns(pl.col("person_id").cast(pl.String))


def test_everybody_is_in_it_once(register: pl.DataFrame, people: pl.DataFrame):
    """One row a person, in the order of the city, with the columns of the format."""
    assert register["person_id"].equals(people["person_id"])
    assert tuple(register.columns) == COLUMNS
    assert register.null_count().select("name", "sex", "birth_date", "address", "area_code").row(0) == (0,) * 5


def test_identity_numbers_are_valid_fictitious_and_unlike(register: pl.DataFrame):
    """Check characters hold, birth date and sex are those of the person, no division exists, no number comes twice."""
    own = register.filter(pl.col("identity_kind") == "resident")
    numbers = own["identity_number"].to_list()
    assert len(set(numbers)) == len(numbers)
    assert {person_code_fault(number) for number in numbers} == {"resident_number"}
    assert {number[:2] for number in numbers} == {"97", "98", "99"}
    born = own["birth_date"].dt.strftime("%Y%m%d")
    assert own["identity_number"].str.slice(6, 8).equals(born)
    odd = own["identity_number"].str.slice(16, 1).cast(pl.Int64) % 2 == 1
    assert odd.equals(own["sex"] == "male")
    assert len({number[14:17] for number in numbers}) > 500


def test_people_without_a_number_and_with_a_passport(register: pl.DataFrame):
    """Kinds and numbers agree; foreigners have Latin names, passports and a language of their own."""
    none = register.filter(pl.col("identity_kind") == "none")
    assert len(none) > 0
    assert none["identity_number"].null_count() == len(none)
    guests = register.filter(pl.col("language") != "zh")
    assert len(guests) > 0
    assert set(guests["identity_kind"]) == {"passport"}
    assert guests["name"].str.contains(r"^[\p{Latin}\- ]+$").all()
    assert guests["identity_number"].n_unique() == len(guests)


def test_ages_are_those_of_the_city(register: pl.DataFrame, people: pl.DataFrame):
    """On the city's first day everybody is as old as the city says."""
    born = register["birth_date"]
    before = born.dt.strftime("%m%d") > TODAY.strftime("%m%d")
    assert (TODAY.year - born.dt.year() - before.cast(pl.Int32)).to_list() == people["age"].to_list()


def test_ages_hold_on_a_leap_day():
    """On 29 February a person of 0 was born within the year before, one of 1 in the year before that."""
    born = draw_birth_dates(np.array([0, 1] * 500), date(2024, 2, 29), np.random.default_rng(1))
    assert born[::2].min() > np.datetime64("2023-02-28")
    assert born[::2].max() <= np.datetime64("2024-02-28")
    assert born[1::2].max() <= np.datetime64("2023-02-28")


def test_families_look_like_families(register: pl.DataFrame, people: pl.DataFrame):
    """Children bear the surname of their father; couples are man and wife with surnames of their own."""
    table = register.filter(pl.col("language") == "zh")
    table = table.join(people.select("person_id", "age"), on="person_id").with_columns(
        surname=pl.col("name").str.slice(0, 1), n=pl.len().over("household_id")
    )
    three = table.filter(pl.col("n") == 3).sort("household_id", "age").group_by("household_id", maintain_order=True)
    rows = three.agg("surname", "sex", "age")
    core = rows.filter(
        (pl.col("age").list.get(0) < 18)
        & (pl.col("age").list.get(1) - pl.col("age").list.get(0) >= 18)
        & (pl.col("age").list.get(2) - pl.col("age").list.get(1) < 16)
    )
    assert len(core) > 100
    fathers = core.filter(
        pl.struct("sex", "surname").map_elements(
            lambda row: row["surname"][0] == row["surname"][1 + row["sex"][1:].index("male")], return_dtype=pl.Boolean
        )
    )
    assert len(fathers) == len(core)
    assert core["sex"].list.slice(1).list.sort().to_list() == [["female", "male"]] * len(core)
    differ = (core["surname"].list.get(1) != core["surname"].list.get(2)).mean()
    assert 0.85 < differ < 0.99


def test_surnames_come_as_often_as_in_the_country(register: pl.DataFrame):
    """The three commonest surnames are borne by about a fifth of the people."""
    first = register["name"].str.slice(0, 1)
    assert 0.17 < first.is_in(["王", "李", "张"]).mean() < 0.32
    assert first.n_unique() > 80


def test_telephones_are_of_the_right_form_and_shared_within_a_household_only(register: pl.DataFrame):
    """Mobile numbers are of a prefix nobody has; small children have that of a grown person at home."""
    told = register.filter(pl.col("telephone").is_not_null())
    numbers = told["telephone"]
    assert 0.9 < len(told) / len(register) <= 1
    assert all(TELEPHONE.fullmatch(number) for number in numbers.head(500))
    assert (numbers.str.starts_with("154") | numbers.str.starts_with("+447700900")).all()
    mobile = told.filter(pl.col("telephone").str.starts_with("154"))
    assert mobile.group_by("telephone").agg(pl.col("household_id").n_unique())["household_id"].max() == 1
    children = told.filter(pl.col("birth_date") > date(2012, 1, 1))
    own = told.group_by("telephone").len().rename({"len": "n"})
    assert children.join(own, on="telephone")["n"].min() >= 2


def test_addresses_say_the_community_of_the_home(folder: Path, register: pl.DataFrame, people: pl.DataFrame):
    """Area codes are those of the home; the address names district, street and community; neighbours differ."""
    areas = json.loads((folder / "observed" / "areas.geojson").read_text("utf-8"))["features"]
    names = {area["properties"]["code"]: area["properties"]["name_zh"] for area in areas}
    for code, address in register.select("area_code", "address").head(200).iter_rows():
        assert all(names[code[:width]] in address for width in (4, 6, 9, 12))
    homes = pl.DataFrame({"home": people["home_place_id"].cast(pl.String), "address": register["address"]}).unique()
    assert homes["home"].n_unique() == homes["address"].n_unique() == len(homes)
    codes = pl.read_csv(folder / "observed" / "place_areas.csv", schema_overrides={"area_code": pl.String})
    joined = people.select(place_id=pl.col("home_place_id").cast(pl.String)).join(codes, on="place_id", how="left")
    assert joined["area_code"].equals(register["area_code"])


def test_words_of_occupation_and_need_can_be_said(register: pl.DataFrame, people: pl.DataFrame):
    """Occupations have words in both languages; needs are those the room knows, and fit age and sex."""
    needs = {word for told in register["vulnerabilities"].drop_nulls() for word in told.split(";") if word}
    assert needs == set(Vulnerability)
    for lang in ("en", "zh"):
        assert all(say(f"register.occupation_{word}", lang) for word in register["occupation"].unique())
    with_age = register.with_columns(age=people["age"])
    pregnant = with_age.filter(pl.col("vulnerabilities").str.contains("pregnant"))
    assert set(pregnant["sex"]) == {"female"}
    assert pregnant["age"].min() >= 20
    assert (with_age.filter(pl.col("age") < 18)["vulnerabilities"].str.starts_with("minor")).all()


def test_the_same_seed_writes_the_same_register(town: City, folder: Path, tmp_path: Path):
    """Every byte of the register depends on city and seed only; another seed invents other people."""
    again = written(town, tmp_path / "again")
    write_register(again, 1)
    for name in ("register.csv", "areas.geojson", "place_areas.csv", FLAG):
        assert (again / "observed" / name).read_bytes() == (folder / "observed" / name).read_bytes()
    write_register(again, 2)
    assert (again / "observed" / "register.csv").read_bytes() != (folder / "observed" / "register.csv").read_bytes()


def test_the_command_says_that_all_is_invented(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """`suyuan twin register` counts what it made and gives the notice; a folder that is no city is refused."""
    assert run(["twin", "register", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["people"] == 12_000
    assert run(["twin", "register", str(folder), "--lang", "zh"]) == 0
    assert "虚构" in capsys.readouterr().out
    assert "invented" in (folder / "observed" / FLAG).read_text("utf-8")
    assert run(["twin", "register", str(tmp_path)]) == 3
    with pytest.raises(BadInput):
        write_register(tmp_path, 1)
    with pytest.raises(BadUsage):
        write_register(folder, -1)
