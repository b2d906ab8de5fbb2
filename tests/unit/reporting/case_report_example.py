"""One made-up case with every fact a report can hold; nobody in it exists."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from suyuan.reporting.case_report import (
    CareVisit,
    CaseReport,
    Classified,
    Dose,
    ExposureAnswer,
    Heading,
    HouseholdMember,
    Illness,
    Isolation,
    Measure,
    NamedContact,
    NextStep,
    Person,
    RingCount,
    SourceCandidate,
    Stop,
    SymptomDay,
    TestResult,
    Trail,
)

ZONE = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of March 2022 on the clock of the place."""
    return datetime(2022, 3, day, hour, minute, tzinfo=ZONE)


HEADING = Heading(
    incident="江湾区 3·05 疫情",
    edition="新型冠状病毒肺炎防控方案（第九版）",
    case_number="JW-0305-001",
    version=2,
    state="submitted",
    timezone="Asia/Shanghai",
    generated_at=at(6, 9, 30),
    submitted_at=at(6, 9, 25),
    author="周敏",
    unit="江湾区疾病预防控制中心",
)

FULL = CaseReport(
    heading=HEADING,
    person=Person(
        number="P000017",
        name="王某某",
        telephone="139****5678",
        sex="male",
        age_years=35,
        occupation="厨师",
        workplace="好味餐馆",
        address="江湾区松花江路 12 弄 3 号 402 室",
        vulnerabilities=(),
    ),
    classification=(
        Classified("confirmed", at(5, 18, 40), "核酸阳性，胸部影像学有肺炎表现"),
        Classified("suspected", at(5, 10, 20), "单位筛查混管阳性"),
    ),
    household=(
        HouseholdMember("P000018", "李某", "妻", 33, "核酸阴性，集中隔离"),
        HouseholdMember("P000019", None, "女儿", 6, None),
    ),
    illness=Illness(
        onset=date(2022, 3, 3),
        severity="mild",
        symptoms=(
            SymptomDay(date(2022, 3, 4), ("发热", "咳嗽"), 38.2, "interview"),
            SymptomDay(date(2022, 3, 3), ("咽干",), None, "interview"),
        ),
        care=(CareVisit(at(4, 9, 10), "仁济药房", "购买退热药，全程佩戴口罩", "支付记录"),),
        tests=(
            TestResult(at(4, 8), "nucleic_acid", "positive", (("ORF1ab", 24.1), ("N", 22.85)), "市疾控中心", at(5, 10)),
            TestResult(at(5, 11), "nucleic_acid", "pending"),
        ),
        vaccination=(Dose(date(2021, 6, 1), "灭活疫苗"), Dose(date(2021, 5, 1), "灭活疫苗")),
        isolation=Isolation(at(5, 20, 15), "市第六医院", "负压救护车闭环转运"),
    ),
    trail=Trail(
        exposure_window=(date(2022, 2, 24), date(2022, 3, 2)),
        tracing_window=(at(1, 0), at(5, 20, 15)),
        answers=(
            ExposureAnswer("发病前 7 日有无外地旅居史", "no", None, "interview"),
            ExposureAnswer("有无接触进口冷链食品", "yes", "每日处理冷冻水产，戴手套未戴口罩", "interview"),
        ),
        stops=(
            Stop(at(3, 8), at(3, 21), "好味餐馆", "restaurant", "后厨工作，午后未戴口罩", "监控", 9),
            Stop(at(2, 18, 30), at(2, 20), "江湾农贸市场水产区", "market", "采购，戴口罩", "场所码", 4),
            Stop(at(3, 21, 30), at(4, 7, 30), "家中", "home", None, "interview", 2),
            Stop(at(4, 9), at(4, 9, 15), "仁济药房", "shop", "购药", "支付记录"),
        ),
    ),
    rings=(RingCount("close", 15, 15, 12, 12, 1), RingCount("contact_of_contact", 41, 20)),
    contacts=(
        NamedContact("P000018", "close", "李某", "妻", at(5, 9), "家中", "已集中隔离"),
        NamedContact("P000231", "close", None, "同事", at(4, 20, 30), "好味餐馆", "尚未联系上"),
    ),
    candidates=(
        SourceCandidate("江湾农贸市场水产区", "place", ("两名已知病例同时段到访", "环境样本阳性"), 0.61),
        SourceCandidate("P000102", "person", ("同桌就餐，先于本例 3 日发病",), 0.23),
        SourceCandidate("冷冻带鱼（批号待查）", "object", ()),
    ),
    measures=(
        Measure(at(5, 14), "好味餐馆停业并终末消毒", "区卫生监督所"),
        Measure(at(5, 10, 30), "流调队到达并开始个案调查", "区疾控中心"),
    ),
    next_steps=(NextStep("补问 3 月 2 日夜间行踪", "区疾控中心", at(6, 18)), NextStep("水产批号溯源")),
    questions=("3 月 1 日全天去向", "同事 P000231 的联系方式"),
    own={
        "source": "病例自述近期仅到过水产区。\n\n建议优先采集水产区环境样本。",
        "exposure": "病例配合调查，记忆清楚。",
    },
)

BARE = CaseReport(
    heading=Heading("江湾区 3·05 疫情", "第九版", "JW-0305-002", 1, "draft", "Asia/Shanghai", at(6, 9, 30)),
    person=Person("P000044"),
)
