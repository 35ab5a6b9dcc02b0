r"""Cross-references in the text: what is said to stand in an equation, a section or an appendix, looked up in the print.

A reference names a place and what has to be found there, as a regular expression over displays without blanks.
"""

from derive.verdict import Cited
from theorems.zhang2024.paper import zhang

# -- 1 introduction --------------------------------------------------------------------------------

zhang.reference(
    "s1.a", Cited("(1.5)", "a temperature as a derivative of energy by entropy", "T", r"\\partialU\}\{\\partialS"), result=True,
    where="after (1.5)", cue="similar to equation (1.5)", says="the temperature of a learning system is formed as in (1.5)",
)  # fmt: skip
zhang.reference(
    "s1.b",
    Cited("C.1", "a temperature of retraining, where both types of state are joined", r"T\(\\mathcal\{D\}_k\)"),
    where="outline, on Section 2",
    cue="Appendix C.1",
    says="Appendix C.1 joins the two types of state in one picture",
)
zhang.reference(
    "s1.c",
    Cited("2.1", "a temperature of initial parameters", "T", "stageII"), Cited("2.1", "a temperature of a data shift", r"T_\{j,j\+1\}"),
    Cited("2.2", "an energy that is a loss", "E_p"), Cited("2.3", "an entropy", "S.*"),
    Cited("B", "an entropy of a collapsed dimension", "", r"\\log\\delta"),
    where="outline, on Section 2", cue="This paper is organized as follows",
    says="states stand in 2.1, energies in 2.2, entropies in 2.3, the collapse of dimensions in Appendix B",
)  # fmt: skip
zhang.reference(
    "s1.d",
    Cited("3.1", "a temperature under normal parameters", "T", r"\\ln\\sigma"), Cited("3.2", "a temperature under uniform parameters", "T", r"\\lnl"),
    Cited("3.3", "a mean energy under mixed parameters", r"\\langleE_0\\rangle", r"f_n.*f_u"), Cited("3.4", "a penalty", "", r"\\lambda"),
    Cited("3.5", "an absolute error", r"\\langleE_0\\rangle", r"\\int.*\|"), Cited("3.6", "a temperature of a mixed system", "", r"T_\{A\\cupB\}"),
    Cited("4", "a cross entropy", "E_p", r"\\ln\\hat\{y\}"),
    where="outline, on Sections 3 and 4", cue="we derive the temperature of various ML systems",
    says="normal, uniform and mixed parameters, penalties, absolute errors, mixing and logistic regression each have their section",
)  # fmt: skip
zhang.reference(
    "s1.e",
    Cited(
        "5.3", "the efficiency as a ratio of energies", r"\\eta", r"\\frac\{\\DeltaE_L\}\{\\DeltaE_\{\\text\{tot\}\}\}"
    ),
    where="outline, on Section 5",
    cue="The thermodynamic theory of artificial neural networks",
    says="Section 5.3 defines the efficiency as energy of the last layer over total energy",
)

# -- 2 theory --------------------------------------------------------------------------------------

zhang.reference(
    "s2.1.a", Cited("(2.2)", "the energy of the initial state", "E_0"), Cited("(2.3)", "the entropy of the initial state", "S_0"),
    where="before (2.4)", cue="(equation 2.2)", says="E_0 is that of (2.2), S_0 that of (2.3)",
)  # fmt: skip
zhang.reference(
    "s2.1.b", Cited("(2.6)", "a differential entropy", "S_0", r"\\int"), Cited("2.3", "the discrete beside the differential entropy", "", r"S_\{\\text\{diff\}\}"),
    where="after (2.7)", cue="differential entropy, which is fundamentally different",
    says="(2.6) is a differential entropy; Section 2.3 compares it with the discrete one",
)  # fmt: skip
zhang.reference(
    "s2.1.c",
    Cited("(2.8)", "the entropy of a data set", r"S\(\\mathcal\{D\}_1\)"),
    where="caption of Figure 4",
    cue="can be calculated using Equation (2.8)",
    says="the entropy of a training set is that of (2.8)",
)
zhang.reference(
    "s2.1.d",
    Cited("A", "the joint probability of the data", "", r"P\(x_i,y_i\)"),
    where="after (2.12)",
    cue="Appendix A provides details",
    says="Appendix A works out the joint probability",
)
zhang.reference(
    "s2.2.a", Cited("(2.14)", "an energy between all pairs", "E_p", r"\\mathscr\{V\}\(\\hat\{y\}_k,y_i\)"),
    Cited("(2.15)", "an energy between neighbours", "E_p", r"\\mathscr\{V\}\(\\hat\{y\}_i,y_i\)"),
    where="caption of Figure 5", cue="long-range energy", says="(2.14) has long range, (2.15) short range",
)  # fmt: skip
zhang.reference(
    "s2.2.b",
    Cited("(2.19)", "a cross entropy", r"E_\{\\rmCE\}"),
    where="after (2.21)",
    cue="aforementioned Equation (2.19)",
    says="the cross entropy is (2.19)",
)
zhang.reference(
    "s2.3.b", Cited("(2.25)", "a differential entropy, which is that of the parameters", "", r"S_\{\\text\{diff\}\}"),
    Cited("(2.8)", "an entropy of data", r"S\(.*"), Cited("(2.10)", "an entropy of data", r"S\(.*"),
    where="after (2.30)", cue="as described by Equation (2.25)", says="(2.25) is the entropy of parameters, (2.8) and (2.10) are those of data",
)  # fmt: skip
zhang.reference(
    "s2.4.a", Cited("C", "a distribution that generalises Boltzmann's", "n_i", r"\\propto.*\\mathcal\{G\}"), Cited("D", "a temperature in any frame", "T"),
    Cited("(1.5)", "the temperature as a derivative", "T", r"\\partialU\}\{\\partialS"),
    where="after (2.32)", cue="In Appendix C, we discusses", says="generalised Boltzmann distributions stand in Appendix C, frames in Appendix D, T = ∂U/∂S in (1.5)",
)  # fmt: skip

# -- 3 linear regression ---------------------------------------------------------------------------

zhang.reference(
    "s3.1.1.a",
    Cited("(2.16)", "a mean squared error", r"E_\{\\rmMSE\}"),
    where="before (3.3)",
    cue="(see Equation [2.16])",
    says="the MSE is that of (2.16)",
)
zhang.reference(
    "s3.2.1.a", Cited("(3.4)", "a least energy", r"E_\{?f\}?"), Cited("(3.16)", "a temperature under uniform parameters", "T", r"\\lnl"),
    Cited("(3.6)", "a temperature under normal parameters", "T", r"\\ln\\sigma"),
    where="around (3.15)", cue="follows Equation (3.4)", says="the final energy is (3.4); the two temperatures compared are (3.16) and (3.6)",
)  # fmt: skip
zhang.reference(
    "s3.3.a",
    Cited("3.1.2", "the rule for the width of a similar system", "l", r"4\\sigma", "≥"),
    where="case (2), before (3.26)",
    cue="As discussed in Section 3.1.2",
    says="the rule l ≥ 4σ was discussed in Section 3.1.2",
)
zhang.reference(
    "s3.5.a",
    Cited("3.1.2", "a temperature under normal parameters in the limit", "T", r"\\overline\{X\^2\}.*\\ln\\sigma", "~"),
    where="after (3.39)",
    cue="According to Section 3.1.2",
    says="the temperature under MSE is worked out in Section 3.1.2",
)
zhang.reference(
    "s3.6.a",
    Cited("(3.11)", "a temperature in the limit", "T", r"\\ln\\sigma", "~"),
    where="before (3.47)",
    cue="can be calculated by Equation (3.11)",
    says="the temperatures of this section are those of (3.11)",
)

# -- 5 networks ------------------------------------------------------------------------------------

zhang.reference(
    "s5.2.a",
    Cited("(5.19)", "a relation between temperatures of layers", "T_[1-3].*", r"T_2.*T_3"),
    where="after (5.19)",
    cue="Equation (5.19) also holds",
    says="the relation between the temperatures of layers, which sigmoid networks are said to keep, is (5.19)",
    result=True,
)
zhang.reference(
    "s5.2.b",
    Cited(
        "(5.10)",
        "a mean energy with a power of σ that grows with the depth",
        r"\\langleE_0\\rangle",
        r"\\sigma\^\{2L\}",
    ),
    where="before (5.20)",
    cue="Similar to Equation (5.10)",
    says="(5.20) is found as (5.10) is",
)
zhang.reference(
    "s5.3.a", Cited("(5.17)", "a relation between temperatures of layers", "T_[1-3].*", r"T_2.*T_3"), Cited("(5.24)", "the temperature of the whole", r"T_\{\\rmsys\}"),
    where="before (5.28)", cue="From Equation (5.17) that", says="(5.28) follows from the layers' temperatures in (5.17) and from (5.24)",
)  # fmt: skip
zhang.reference(
    "s5.4.a",
    Cited("(5.6)", "a temperature of the whole network", "T", r"\\ln\\sigma"),
    where="after (5.34)",
    cue="Compared to Equation (5.6)",
    says="the temperature that (5.34) is compared with is (5.6)",
)
zhang.reference(
    "s5.4.b",
    Cited("(5.21)", "a temperature of the whole network with ReLU", "T", r"\\sigma\^\{2L\}"),
    where="after (5.40)",
    cue="lower temperature compared with Equation (5.21)",
    says="the temperature that (5.40) is compared with is (5.21)",
)
zhang.reference(
    "s5.4.c",
    Cited("E", "a temperature under uniform parameters", "T.*", r"\\lnl"),
    where="end of the section",
    cue="uniform distribution in the Appendix E",
    says="uniform parameters are treated in Appendix E",
)

# -- 6 conclusions and appendices --------------------------------------------------------------------

zhang.reference(
    "s6.a", Cited("(2.29)", "a temperature", "T", r"f\(\\boldsymbol"), Cited("(3.10)", "a temperature under normal parameters", "T", r"\\ln\\sigma"),
    Cited("(5.17)", "a relation between temperatures of layers", "T_[1-3].*", "T_2.*T_3"), Cited("(5.22)", "a relation between temperatures of layers", "T_[1-3].*", "T_2.*T_3"),
    where="the formulas repeated", cue="(Equation 2.29)", says="the formulas repeated come from (2.29), (3.10), (5.17) and (5.22)",
)  # fmt: skip
zhang.reference(
    "sA.a", Cited("(2.8)", "an entropy of data", r"S\(.*"), Cited("(2.4)", "a temperature of a transition", "T", "stageII"), Cited("(2.9)", "a temperature of a data shift", r"T_\{j,j\+1\}"),
    where="the discrete case", cue="We can use Equation (2.4)", says="data entropy by (2.8), temperatures by (2.4) and (2.9)",
)  # fmt: skip
zhang.reference(
    "sB.a", Cited("2.3", "the link between discrete and differential entropy", "", r"S_\{\\text\{diff\}\}-\\log\\delta"), Cited("(2.25)", "the entropy with − log δ", "", r"S_\{\\text\{diff\}\}-\\log\\delta"),
    where="before (B.5) and after (B.8)", cue="(see Equation [2.25])", says="discrete and differential entropy are linked in Section 2.3, by (2.25)",
)  # fmt: skip
zhang.reference(
    "sC.a", Cited("(C.1)", "the energy of a particle", r"\\varepsilon_\{v,h\}", "mgh"), Cited("(C.6)", "the distribution as an exponential of energy", "", r"e\^\{-\\alpha-\\beta"),
    where="before (C.7)", cue="Using equation (C.1)", says="(C.7) is (C.6) with the energy of (C.1)",
)  # fmt: skip
zhang.reference(
    "sE.a",
    Cited("5.3", "a network with bounded activations whose layers are alike", "", r"\\DeltaE_2=l_2\(l_1\+1\)"),
    where="after (E.3)",
    cue="belongs to the first type of heat engine",
    says="the first type of heat engine, which uniform parameters lead to, is that of Section 5.3",
)
