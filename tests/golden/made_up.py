"""A made-up run of the engine, with everything a report may meet, hostile text included."""

from __future__ import annotations

from derive.verdict import (
    Checked,
    ConstantRow,
    Correction,
    Equation,
    Fault,
    Passage,
    Ranking,
    Reached,
    Severity,
    Status,
    Step,
    Temperature,
    Verdict,
    Witness,
)

HOSTILE = (
    r"</script><img src=x onerror=alert(1)> \input{/etc/passwd} \write18{rm} $x$ 50% a&b #1 _^~ `code` | "
    r"\VAR{x} {{ x }}"
)

LONG = (
    r"\langle E_0 \rangle = \int \frac{1}{n} \sum_{i} \left(\sum_{j=1}^{K-1} \mu_j x_{ij} + \mu_K - "
    r"y_i \right)^2 \prod_{j=1}^K \frac{1}{\sqrt{2\pi}\sigma_j} e^{-\frac{\mu_j^2}{2\sigma_j^2}} "
    r"d\mu_j \\ = \frac{1}{n} \sum_{i} \left[\sigma_K^2 + \sum_{j=1}^{K-1} \sigma_j^2 x_{ij}^2 + y_i^2"
    r" \right] = \dots = \sigma_K^2 + \sigma_{K-1}^2 \overline{X_{K-1}^2} + \sigma_{K-2}^2 "
    r"\overline{X_{K-2}^2} + \sigma_{K-3}^2 \overline{X_{K-3}^2} + \dots + \sigma_2^2 \overline{X_2^2}"
    r" + \sigma_1^2 \overline{X_1^2} + \overline{Y^2}."
)


def checked() -> Checked:
    """The run itself; always the same."""
    entropy = Verdict(
        id="2.2#1",
        equation="2.2",
        section="2",
        relation="=",
        read="printed",
        printed_lhs=r"S_0",
        printed_rhs=r"\frac{1}{2} \ln(2\pi\sigma^2)",
        read_back=(r"S_{0}", r"\frac{\ln\left(2 \pi \sigma^{2}\right)}{2}"),
        verdict=Status.REFUTED,
        scope="general",
        fault=Fault.CONSTANT,
        severity=Severity.STEP,
        derived=r"\frac{1}{2} + \frac{1}{2} \ln(2\pi\sigma^2)",
        correction=Correction(printed=r"\frac{1}{2} \ln(2\pi\sigma^2)", read=r"\frac{1}{2} \ln(2\pi e\sigma^2)"),
        witness=Witness(point={"sigma": "3/2"}, printed="1.3244036413", true="1.8244036413", digits=30),
        rests_on=("2.1#1",),
        uses=("2.1#1",),
        reach=(Reached(claim="3.8#1", stands=True), Reached(claim="3.9#1", stands=False)),
        reason="The entropy of a normal law has a summand 1/2 that is missing here.",
        evidence=(
            "The integral of -f ln f was differentiated back.",
            "Numbers agree at 12 points to 30 digits.",
        ),
        seconds=0.25,
    )
    chain = tuple(
        Verdict(
            id=f"3.8#{n}",
            equation="3.8",
            section="3",
            relation="=",
            read="printed",
            printed_lhs=left,
            printed_rhs=right,
            verdict=status,
            scope=scope,
            uses=("2.2#1",),
            reason=reason,
        )
        for n, (left, right, status, scope, reason) in enumerate(
            (
                (
                    r"\langle E_0 \rangle",
                    r"\int \frac{1}{n} \sum_i (\mu_K - y_i)^2 d\mu",
                    Status.SUPPORTED,
                    "K ≤ 4, n ≤ 4",
                    "Induction over K was not kernel-checked.",
                ),
                (
                    r"\int \frac{1}{n} \sum_i (\mu_K - y_i)^2 d\mu",
                    r"\frac{1}{n} \sum_i [\sigma_K^2 + y_i^2]",
                    Status.PROVED,
                    "general",
                    "One parameter integrated out at a time.",
                ),
                (
                    r"\frac{1}{n} \sum_i [\sigma_K^2 + y_i^2]",
                    r"\sum_{j=1}^K \sigma_j^2 \overline{X_j^2} + "
                    r"\overline{Y^2}",
                    Status.PROVED,
                    "general",
                    "",
                ),
            ),
            start=1,
        )
    )
    limit = Verdict(
        id="3.9#1",
        equation="3.9",
        section="3",
        relation="~",
        read="printed",
        printed_lhs="T",
        printed_rhs=r"\frac{\sigma^2}{\ln \sigma} (1 + \overline{X^2})",
        verdict=Status.REFUTED,
        scope="general",
        fault=Fault.ASYMPTOTICS,
        severity=Severity.RESULT,
        derived=r"\frac{\sigma^2}{2 \ln \sigma} (1 + \overline{X^2})",
        correction=Correction(
            printed=r"T \sim \frac{\sigma^2}{\ln \sigma} (1 + \overline{X^2})",
            read=r"T \sim \frac{\sigma^2}{2\ln \sigma} (1 + \overline{X^2})",
        ),
        witness=Witness(
            regime="sigma → oo with n fixed",
            limit="2",
            quotients=tuple((f"1e{10**k}", f"{2 + 0.9 / 10**k:.6f}") for k in range(7)),
        ),
        rests_on=("2.2#1",),
        derivation=(
            Step("", "T", ""),
            Step("=", r"\frac{\langle E_0 \rangle - E_f}{S_0}", "definition of T, (2.29)"),
            Step("~", r"\frac{\sigma^2}{2\ln \sigma} (1 + \overline{X^2})", "leading terms"),
            Step("=", HOSTILE, HOSTILE),
        ),
        uses=("2.2#1", "3.8#3"),
        reach=(Reached(claim="s3.2.1.a#1", stands=False),),
        reason="The quotient of the two sides tends to 2.",
        seconds=1.5,
    )
    twin = Verdict(
        id="3.9#2",
        equation="3.9",
        section="3",
        relation="∝",
        read="printed",
        printed_lhs=r"\frac{\sigma^2}{\ln \sigma} (1 + \overline{X^2})",
        printed_rhs=r"\sigma^2",
        verdict=Status.CONDITIONAL,
        scope="general",
        condition="ln σ held fixed & x < 1",
        fault=Fault.DOMAIN,
        severity=Severity.STEP,
        reason="The logarithm does not stay constant.",
        witness=Witness(regime="sigma → oo", limit="0"),
    )
    hostile = Verdict(
        id="4.1#1",
        equation="4.1",
        section="4",
        relation="=",
        read="encoded",
        printed_lhs=r"\input{/etc/passwd}",
        printed_rhs=HOSTILE,
        verdict=Status.ILL_FORMED,
        fault=Fault.INDEX,
        severity=Severity.NOTATION,
        derived=r"\sum_{i=1}^n x_i",
        correction=Correction(printed=HOSTILE, read=r"\catcode`\@=11 \def\x{\x}\x"),
        witness=Witness(point={"</script>": HOSTILE}, printed="1", true="2"),
        reason=HOSTILE,
        evidence=(HOSTILE,),
        condition=HOSTILE,
    )
    others = (
        Verdict(
            id="2.1#1",
            equation="2.1",
            section="2",
            relation="=",
            read=None,
            printed_lhs="S",
            printed_rhs=r"-\int f \ln f \, d\mu",
            verdict=Status.DEFINITION,
            reason="Names the entropy.",
        ),
        entropy,
        *chain,
        limit,
        twin,
        hostile,
        Verdict(
            id="4.2#1",
            equation="4.2",
            section="4",
            relation="≳",
            read="printed",
            printed_lhs=r"\ln \sigma",
            printed_rhs=r"\begin{cases} 1 & \text{for}\: x > 0 \\ 0 & \text{otherwise} \end{cases}",
            verdict=Status.UNDECIDED,
            reason="No bound was found in 20 s.",
        ),
        Verdict(
            id="s3.2.1.a#1",
            equation="s3.2.1.a",
            section="3",
            relation=">",
            read="encoded",
            printed_lhs="T_u",
            printed_rhs="T_n",
            verdict=Status.PREMISE,
            rests_on=("3.9#1",),
            reason="Said in prose.",
        ),
        Verdict(
            id="4.3#1",
            equation="4.3",
            section="4",
            relation="≈",
            read="printed",
            printed_lhs="l_{1/2}",
            printed_rhs="3.14",
            verdict=Status.PROVED,
            scope="general",
            fault=Fault.EXTRACTION,
            severity=Severity.NOTATION,
            correction=Correction(printed="l_{1/2}", read="l_1/2"),
            reason="The value is right; the index swallowed a denominator.",
        ),
    )
    return Checked(
        document="made-up",
        title="On a made-up paper with 100 % of its faults & a <b>bold</b> title",
        authors="N. N.",
        source={"kind": "file", "sha256": "0123456789abcdef" * 4},
        versions={"derive": "0.1.0", "sympy": "1.14.0", "mpmath": "1.3.0", "python-flint": "0.9.0"},
        equations=(
            Equation(number="2.1", latex=r"S = -\int f \ln f \, d\mu", section="2"),
            Equation(number="2.2", latex=r"S_0 = \frac{1}{2} \ln(2\pi\sigma^2)", section="2"),
            Equation(number="3.8", latex=LONG, section="3"),
            Equation(
                number="3.9",
                latex=r"T \sim \frac{\sigma^2}{\ln \sigma} (1 + \overline{X^2}) \propto \sigma^2",
                section="3",
            ),
            Equation(number="4.1", latex=rf"\input{{/etc/passwd}} = {HOSTILE}", section="4"),
            Equation(
                number="4.2",
                latex=r"\ln \sigma \gtrsim \begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}",
                section="4",
            ),
            Equation(number="4.3", latex=r"l_{1/2} \approx 3.14", section="4"),
            Equation(number="5.1", latex=r"y = \boldsymbol{W} x + b", section="5"),
        ),
        verdicts=others,
        not_judged=("5.1",),
        passages=(
            Equation(
                number="s3.2.1.a",
                latex="T_u > T_n",
                section="3.2.1",
                passage=Passage(where="after (3.9)", says=f"uniform is hotter, {HOSTILE}"),
            ),
        ),
        absent=("table3.9",),
        rankings=(
            Ranking(
                title="Normal parameters",
                regime="σ → ∞; $x_{iK} = 1$",
                rows=(
                    Temperature(
                        system="squares",
                        claim="2.2#1",
                        law=r"\frac{\sigma^2}{\ln\sigma}",
                        rank=1,
                        relation="≫",
                        factor="",
                        reason="rules",
                        printed=r"\sigma^2",
                        verdict=Status.REFUTED,
                        told="the printed side grows faster",
                    ),
                    Temperature(
                        system="sizes",
                        claim="",
                        law=r"\frac{\sigma}{\ln\sigma}",
                        rank=2,
                        relation="~",
                        factor="2",
                        reason="rules",
                    ),
                    Temperature(
                        system="halves",
                        claim="",
                        law=r"\frac{\sigma}{2\ln\sigma}",
                        rank=2,
                        relation="",
                        factor="",
                        reason="rules",
                        printed=r"\frac{\sigma}{2\ln\sigma}",
                        verdict=Status.PROVED,
                        told="the limit settles it",
                    ),
                    Temperature(
                        system=HOSTILE,
                        claim=HOSTILE,
                        law="",
                        rank=0,
                        relation="",
                        factor="",
                        reason=HOSTILE,
                        printed=HOSTILE,
                        verdict=None,
                        told=HOSTILE,
                    ),
                ),
            ),
        ),
        constants=(
            ConstantRow(
                equation="2.2",
                case="normal, K = 1",
                printed=r"\frac{1}{2} \ln(2\pi\sigma^2)",
                derived=r"\frac{1}{2} \ln(2\pi e\sigma^2)",
                verdict=Status.REFUTED,
                claim="2.2#1",
                note="A summand 1/2 is missing.",
            ),
            ConstantRow(
                equation="3.8",
                case="uniform, K = 2",
                printed=r"\ln(l_1 l_2)",
                derived=r"\ln(l_1 l_2)",
                verdict=Status.PROVED,
                claim="3.8#2",
            ),
            ConstantRow(
                equation="4.1",
                case=HOSTILE,
                printed=HOSTILE,
                derived="?",
                verdict=Status.UNDECIDED,
                claim="4.1#1",
                note=HOSTILE,
            ),
        ),
        edges=(("2.1#1", "2.2#1"), ("2.2#1", "3.9#1")),
    )
