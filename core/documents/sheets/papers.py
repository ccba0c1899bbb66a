"""How a paper stands in a table: by its number, and by what has become of it since."""

from core.documents.models import Paper


def numbered(paper: Paper | None) -> str | None:
    """Return a paper's number with 已更正，见… or that it is void; None where there is none.

    `correction` of the papers should be selected with them, or each row asks anew.
    """
    if paper is None:
        return None
    return f"{paper.number}（{paper.no_longer}）" if paper.no_longer else paper.number
