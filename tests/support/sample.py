"""A hand-made Result that uses every field a report shows."""

from scanner.model.base import Text, same
from scanner.model.common import Gap, Input
from scanner.model.evidence import Tool
from scanner.model.matrix import Cell, Matrix
from scanner.model.result import (
    CategoryInfo,
    CheckResult,
    ClauseResult,
    CoreAnswer,
    CoverageRow,
    DestinationInfo,
    EvidenceItem,
    Finding,
    GateResult,
    Label,
    Outcome,
    PermissionInfo,
    RegulationInfo,
    Result,
    SdkInfo,
    Summary,
)
from scanner.model.static import App, Signer


def finding(number: int = 0, **changes: object) -> Finding:
    """Return a finding with evidence of all three sides."""
    fields: dict[str, object] = {
        "id": f"{number:016x}",
        "check": "collection-before-consent",
        "subject": f"imei/app/{number}",
        "outcome": Outcome.FAIL,
        "title": Text(zh="同意前收集", en="Collection before consent"),
        "message": Text(
            zh="应用在用户同意前读取 IMEI。", en="The app reads the IMEI before consent."
        ),
        "severity": "high",
        "confidence": "firm",
        "evidence": (
            EvidenceItem(
                ref="static/calls/0",
                kind="code",
                title=Text(zh="启动到读取的调用链", en="Chain from start to the call"),
                lines=(same("demo.App.onCreate"), same("TelephonyManager.getDeviceId")),
                mark="getDeviceId",
                uri="classes.dex/demo/App.java",
                line=12,
            ),
            EvidenceItem(
                ref="traffic/sightings/1",
                kind="traffic",
                title=Text(zh="请求正文中的 IMEI", en="IMEI in the request body"),
                lines=(same('{"id": "35****7"}'),),
                mark="35****7",
                uri="network/log.example/v1",
            ),
            EvidenceItem(
                ref="policy/statements/0",
                kind="policy",
                title=Text(zh="政策原文", en="Policy text"),
                lines=(Text(zh="我们不会收集您的 IMEI。", en="我们不会收集您的 IMEI。"),),
                mark="IMEI",
            ),
        ),
        "limits": Text(zh="静态可达不等于实际执行。", en="Reachable is not the same as executed."),
        "remediation": Text(zh="移到同意之后。", en="Move it after consent."),
        "confirm": Text(zh="清除数据后重启观察。", en="Clear data, restart and watch."),
        "clauses": ("cn-191:191-3.1",),
        "data_type": "imei",
        "actor": "app",
    }
    return Finding(**{**fields, **changes})  # type: ignore[arg-type]


def result(findings: tuple[Finding, ...] | None = None, label: str = "晴空天气") -> Result:
    """Return a result with the given findings, one by default."""
    findings = (finding(),) if findings is None else findings
    severities: dict[str, int] = {}
    for one in findings:
        severities[one.severity] = severities.get(one.severity, 0) + 1
    ids = tuple(one.id for one in findings)
    return Result(
        tool=Tool(version="0.1.0", knowledge="ab" * 32, python="3.11.7"),
        evidence_digest="cd" * 32,
        inputs=(Input(role="app", name="demo.apk", sha256="ef" * 32, size=1234),),
        app=App(
            package="com.example.demo",
            sha256="ef" * 32,
            size=1234,
            label=label,
            version_name="1.2",
            version_code="12",
            min_sdk=21,
            target_sdk=30,
            signers=(Signer(sha256="12" * 32, subject="CN=demo"),),
        ),
        profile="cn",
        regulations=(
            RegulationInfo(
                id="cn-191", title=Text(zh="认定方法", en="Identification method"), number="191号"
            ),
        ),
        category=CategoryInfo(
            id="utilities",
            name=Text(zh="实用工具类", en="Utilities"),
            how="guessed",
            confidence="tentative",
        ),
        coverage=(
            CoverageRow(part="static", examined=True, summary=Text(zh="3 个类", en="3 classes")),
            CoverageRow(part="runtime", examined=False, summary=Text(zh="未提供", en="not given")),
        ),
        gaps=(
            Gap(
                part="traffic",
                code="pinned-host",
                detail=Text(zh="一个主机疑似证书固定", en="One host seems to pin its certificate"),
                blocks=("traffic.sightings",),
                subject="a.example",
                count=2,
            ),
        ),
        summary=Summary(
            findings=severities,
            clauses={"cn-191": {"fail": 1, "not_assessed": 1}},
            checks={"fail": 1},
            examined={"cn-191": (1, 2)},
            core=(
                CoreAnswer(
                    question="permissions",
                    outcome=Outcome.PASS,
                    fail=0,
                    review=0,
                    summary=Text(zh="未发现", en="none found"),
                ),
                CoreAnswer(
                    question="collection",
                    outcome=Outcome.FAIL,
                    fail=1,
                    review=0,
                    summary=Text(zh="IMEI", en="IMEI"),
                ),
                CoreAnswer(
                    question="cross_border",
                    outcome=Outcome.NOT_ASSESSED,
                    fail=0,
                    review=0,
                    summary=Text(zh="没有流量", en="no traffic"),
                ),
            ),
        ),
        findings=findings,
        checks=(
            CheckResult(
                id="collection-before-consent",
                title=Text(zh="同意前收集", en="Collection before consent"),
                group="consent",
                outcome=Outcome.FAIL,
                severity="high",
                rationale=Text(zh="须先同意。", en="Consent comes first."),
                limits=Text(zh="见局限。", en="See the limits."),
                findings=ids,
            ),
            CheckResult(
                id="undisclosed-sdk",
                title=Text(zh="未披露的 SDK", en="Undisclosed SDK"),
                group="policy",
                outcome=Outcome.ERROR,
                severity="medium",
                reason=Text(zh="检查出错", en="The check failed to run"),
            ),
        ),
        clauses=(
            ClauseResult(
                regulation="cn-191",
                clause="191-3.1",
                group="191-G3",
                title=Text(zh="征得同意前收集", en="Collection before consent"),
                coverage="automatic",
                outcome=Outcome.FAIL,
                examined=True,
                checks=("collection-before-consent",),
                findings=ids,
                citations=(Text(zh="个人信息保护法 13", en="PIPL 13"),),
                certainty="read",
            ),
            ClauseResult(
                regulation="cn-191",
                clause="191-2.4",
                group="191-G2",
                title=Text(zh="晦涩难懂", en="Hard to understand"),
                coverage="manual",
                outcome=Outcome.NOT_ASSESSED,
                examined=False,
                tester=Text(zh="请通读全文。", en="Read it through."),
            ),
        ),
        matrix=Matrix(
            cells=(
                Cell(
                    data_type="imei",
                    actor="app",
                    reachable=True,
                    before_consent=True,
                    before_consent_confidence="tentative",
                    observed=("before_consent",),
                    observed_count=3,
                    declared="incorrect",
                    countries=("SG",),
                    outside=True,
                ),
                Cell(data_type="email", actor="app", reachable=False, declared="clear"),
            )
        ),
        sdks=(
            SdkInfo(
                sdk="umeng",
                name=same("Umeng"),
                vendor=same("Umeng"),
                country="CN",
                present=True,
                declared=False,
                markers=("com.umeng",),
            ),
        ),
        permissions=(
            PermissionInfo(
                name="android.permission.READ_CONTACTS",
                label=Text(zh="读取通讯录", en="Read contacts"),
                protection="dangerous",
                declared=True,
                necessary=False,
            ),
        ),
        destinations=(
            DestinationInfo(
                host="log.example",
                company="Example",
                operator_country="US",
                hosting_country="SG",
                outside=True,
                exchanges=3,
                personal_data=(same("IMEI"),),
                cleartext=True,
            ),
        ),
        labels=(
            Label(id="imei", text=same("IMEI")),
            Label(id="app", text=Text(zh="应用自身", en="the app itself")),
        ),
        attributions=("IP Geolocation by DB-IP",),
        gate=GateResult(passed=False, code=1, reasons=(Text(zh="1 项高", en="1 high"),)),
    )
