"""The limits of this desk; their numbers and bases stand in the county's rulebook under the same codes."""

from django.utils.translation import gettext_lazy as _

from core.deadlines.rules import BY_FORCE, Rule, Silence, declare

# The inspector sets the days by severity, between P9b and P9c.
RECTIFY = declare(
    Rule("P9c", _("限期整改"), Silence.ESCALATES, _("企业"), stops=BY_FORCE, extension="P9d")
)
RECHECK = declare(Rule("P28", _("整改复查"), Silence.ESCALATES, _("责任部门")))
VIEWS = declare(Rule("P11", _("陈述、申辩"), Silence.UNHEARD, _("企业")))
DECIDE = declare(Rule("P29", _("听取意见后作出决定"), Silence.ESCALATES, _("召集人")))
REPAIR = declare(Rule("P32", _("信用修复决定"), Silence.ESCALATES, _("召集人")))
# Visits of the supervision plan: safety and health in full, the other clauses before the acceptance, a report that is
# missing. Their department owes them; a silence checks nothing.
VISIT_FULL = declare(Rule("P40", _("全覆盖检查"), Silence.ESCALATES, _("责任部门"), stops=BY_FORCE))
VISIT_NODE = declare(
    Rule("P41", _("建设中条款核查"), Silence.ESCALATES, _("责任部门"), stops=BY_FORCE)
)
VISIT_REPORT = declare(
    Rule("P42", _("逾期未报告进度的核查"), Silence.ESCALATES, _("责任部门"), stops=BY_FORCE)
)
# A node of the works that the enterprise promised to reach: so many days after the promised day.
NODE = declare(Rule("P153", _("节点报告"), Silence.ESCALATES, _("企业"), stops=BY_FORCE))

# Numbers that are not limits of their own: the least days of a rectification, the share of random checks.
LEAST_DAYS, RANDOM_SHARE = "P9b", "P33"
GOOD_SHARE, MARKED_SHARE = "P33a", "P33b"
USE_SEVERITY = "P43"  # how grave it is to use what has not passed, a word
NODE_CHANGES, NODE_CHANGE_BY = (
    "P145",
    "P146",
)  # how often a node's day changes, and how many days before it
ALL_NODES_FIRST = "P154"  # whether the joint acceptance waits for every node, a flag
OPINION_APART = "P76"  # whether who gave the department's opinion may inspect the works, a word
