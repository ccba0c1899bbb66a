"""The facts of a project in words, as pages, papers and files say them."""

from django.utils.translation import gettext as _

from approvals.models import Filing


def industry_of(filing: Filing) -> str:
    """Return the industry with its code and the edition of the classification it was read by."""
    if not filing.industry_code:
        return str(filing.industry or "")
    said = {"code": filing.industry_code, "section": filing.industry}
    return _("%(code)s（%(section)s，GB/T 4754-%(year)s）") % {
        **said,
        "year": filing.industry_edition,
    }


def coordinates_of(filing: Filing) -> str:
    """Return the place in decimal degrees with its datum; empty where it was not measured."""
    if filing.longitude is None or filing.latitude is None:
        return ""
    return _("东经%(longitude)s°，北纬%(latitude)s°，%(datum)s") % {
        "longitude": f"{filing.longitude.normalize():f}",
        "latitude": f"{filing.latitude.normalize():f}",
        "datum": filing.get_datum_display(),
    }
