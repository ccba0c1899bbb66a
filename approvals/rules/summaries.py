"""What each kind of paper means and what it asks for, in English: for the summary page. Pure text.

A summary says what the paper is; what is particular to a case stands in the Chinese text, which prevails.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Summary:
    """What a paper means, what to do, and where in its content stands until when."""

    meaning: str
    todo: str
    until: str = ""  # a path into the content: limit.due_text, gaps.0.due_text, limits.-1.due_text


KEEP = "Nothing has to be done; keep it with the project's papers."
REMEDY = "Whoever disagrees may apply for administrative review or bring suit within the time that the paper names."

SUMMARIES = {
    "DOC01": Summary(
        "The one list of everything the government needs for this project: items, conditions, materials and limits. "
        "It binds the government: anything asked for later needs a supervisor's signature.",
        "Acknowledge it, prepare the materials and hand in what is needed at filing.",
    ),
    "DOC02": Summary(
        "The window has received the materials that are listed. The time for deciding on acceptance runs from this "
        "receipt; if nothing is said by its end, the filing is accepted by law as of the receipt.",
        "Wait for the decision; keep the receipt.",
        "limits.-1.due_text",
    ),
    "DOC03": Summary(
        "The filing is accepted, by decision or because the statutory period passed in silence. The joint survey "
        "is called next. Acceptance is no licence.",
        "Be ready for the joint survey; hand in whatever the notice still lists as missing.",
        "limits.0.due_text",
    ),
    "DOC04": Summary(
        "The materials are incomplete or not in the required form. Everything that has to be corrected is told "
        "here, once.",
        "Correct it and hand it in by the date; otherwise the filing is returned and may be filed anew.",
        "limit.due_text",
    ),
    "DOC05": Summary(
        "The filing is not accepted, for the reason that the decision states.",
        REMEDY,
    ),
    "DOC06": Summary(
        "The filing is accepted although secondary materials are missing, because you promised to bring them.",
        "Bring each missing material by its own date. Late, the case is suspended; late a second time, it is returned.",
        "gaps.0.due_text",
    ),
    "DOC07": Summary(
        "Your own promise to bring the missing materials by the dates it names.",
        "Keep the promise.",
    ),
    "DOC08": Summary(
        "All departments visit the site together, once, at the time stated.",
        "Have somebody on the site at that time.",
    ),
    "DOC09": Summary("What one department found at the joint survey.", KEEP),
    "DOC10": Summary(
        "The record of the one joint survey: who came, what each department said, and whose silence counts as no "
        "objection to the record. No department may demand another survey.",
        "Nothing has to be done; the joint pre-review meeting is called next.",
    ),
    "DOC11": Summary(
        "All departments meet on the project, once, at the time stated.",
        "Nothing has to be done unless invited.",
    ),
    "DOC12": Summary("The opinion of one department on an item.", KEEP),
    "DOC13": Summary(
        "The minutes of the joint pre-review: each department's opinion, the defaults, and the conclusion.",
        "Make the changes that the minutes list, by their dates; the commitment letter follows.",
    ),
    "DOC14": Summary(
        "A department gave no opinion in time: it is deemed to have no objection and the procedure goes on. "
        "Deemed is not agreed: an approval that the law demands is still owed.",
        "Nothing has to be done by the enterprise; the department makes up its opinion.",
        "matters.0.owed_due_text",
    ),
    "DOC15": Summary(
        "A department stayed away without a granted excuse: it is deemed to have no objection and the procedure goes "
        "on. Deemed is not agreed: an approval that the law demands is still owed.",
        "Nothing has to be done by the enterprise; the department makes up its opinion.",
        "matters.0.owed_due_text",
    ),
    "DOC16": Summary(
        "Your commitment: clause by clause what you promise to meet, the standard, and when it is checked.",
        "Read it, have the legal representative sign and seal it, and upload the scan.",
    ),
    "DOC17": Summary(
        "The commitment is published. Anyone may object within the period; each objection is answered.",
        "Wait for the end of the period; the start gate is looked at then.",
        "ends_text",
    ),
    "DOC18": Summary("An objection to the published notice was received.", KEEP),
    "DOC19": Summary("The reply to an objection to the published notice.", KEEP),
    "DOC20": Summary(
        "The commitment cannot be published as it stands, for the reason stated.",
        "Mend what the notice names.",
    ),
    "DOC21": Summary(
        "Every condition for the start is met, item by item, with the number of each document. It is a notification, "
        "not a licence, and replaces none of the approvals it lists.",
        "Start as committed; report the start, the progress and the completion.",
    ),
    "DOC22": Summary(
        "The commitment mechanism does not apply to this project, for the reason stated.",
        "Go through the ordinary procedure; the notice says how.",
    ),
    "DOC23": Summary(
        "The record of a check on the site, clause by clause.",
        "Rectify what was found, if anything was.",
    ),
    "DOC24": Summary(
        "A clause of the commitment was found broken.",
        "Rectify it by the date; otherwise the works may be stopped and the project may leave the mechanism.",
        "limit.due_text",
    ),
    "DOC25": Summary(
        "What a second look at the rectification found.",
        "If it did not pass, rectify within the further time that the record names.",
    ),
    "DOC26": Summary(
        "The joint acceptance is passed; what each department found, clause by clause.",
        "Report the completed works for the record within the time that the law sets.",
    ),
    "DOC27": Summary("A licence was granted.", KEEP),
    "DOC28": Summary("A licence was refused, for the reason stated.", REMEDY),
    "DOC29": Summary("Proof that a paper was served, when and on whom.", KEEP),
    "DOC30": Summary(
        "A finding of dishonesty is intended, for the facts stated.",
        "State your view within the time that the notice names.",
        "until_text",
    ),
    "DOC31": Summary(
        "A finding of dishonesty was made and is published until the date stated.", REMEDY
    ),
    "DOC32": Summary("Your application to have the credit record repaired.", KEEP),
    "DOC33": Summary("The decision on the repair of the credit record.", KEEP),
    "DOC34": Summary(
        "The filing is returned because a correction or a missing material never came.",
        "You may file anew.",
    ),
    "DOC35": Summary(
        "Handling is suspended because a promised material did not come by its date.",
        "Bring it within the last period; then handling resumes.",
        "until_text",
    ),
    "DOC36": Summary(
        "The commitment letter was not signed, or the start of the works not reported, in the time after a reminder: "
        "the commitment procedure has lapsed, without a mark in the credit record.",
        "You may file anew.",
    ),
    "DOC37": Summary("You withdrew the filing; nothing runs any more.", "You may file anew."),
    "DOC38": Summary(
        "A decision against the enterprise is intended, for the facts stated.",
        "State your view, or ask to be heard, within the time that the notice names.",
        "until_text",
    ),
    "DOC39": Summary(
        "The project leaves the commitment mechanism for the ordinary procedure.", REMEDY
    ),
    "DOC40": Summary(
        "A decision in the project's favour is revoked, for the reason stated.", REMEDY
    ),
    "DOC41": Summary(
        "The works must stop until what was found is rectified.",
        "Stop the works, rectify, and ask for the recheck.",
        "limit.due_text",
    ),
    "DOC42": Summary(
        "What has to be corrected before the joint acceptance can be passed, in one list.",
        "Correct it by the date and report.",
        "limit.due_text",
    ),
    "DOC43": Summary("How the commitment was kept, clause by clause; it closes the case.", KEEP),
    "DOC44": Summary(
        "What stopped the works is rectified: they may go on.", "Go on with the works as committed."
    ),
    "DOC57": Summary(
        "A material that was tolerated as missing was supplied, and is not right yet: what to put right is told here. "
        "The limit of the promise runs on.",
        "Put it right and hand it in again by the date.",
        "wanted.0.until_text",
    ),
    "DOC58": Summary(
        "A material that was tolerated as missing is there and was found right. Where the case "
        "stood still, it goes on.",
        KEEP,
    ),
    "DOC45": Summary(
        "The joint pre-review was not passed, for the reasons stated.",
        "You may file anew once the reasons are met.",
    ),
    "DOC50": Summary(
        "Two persons have taken back that a department was deemed to have no objection. The record is kept and marked.",
        "Nothing has to be done by the enterprise; the procedure is not turned back.",
    ),
    "DOC51": Summary(
        "A department contested that it was deemed to have no objection; the contest was not upheld.",
        "Nothing has to be done by the enterprise; the procedure goes on.",
    ),
    "DOC52": Summary(
        "The monthly bulletin of departments deemed to have no objection, reviewed and published by the county.",
        "Nothing has to be done by the enterprise.",
    ),
    "DOC61": Summary(
        "The roll of a joint session as it was recorded: who was served, who came and left, and who was absent.",
        "Nothing has to be done by the enterprise.",
    ),
    "DOC46": Summary(
        "The clock of one limit stands still for the reason stated; the days until it goes on are not counted.",
        "Nothing has to be done; you are told when it goes on.",
    ),
    "DOC47": Summary(
        "The clock of a limit goes on with exactly the days that were left.", KEEP, "due_text"
    ),
    "DOC48": Summary(
        "A limit was lengthened before its end, for the reason stated.",
        REMEDY,
        "due_text",
    ),
}
