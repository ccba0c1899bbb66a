"""What search engines read of a page (schema.org, JSON-LD): a block of data that no browser runs."""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from accounts.models import County
from public_notice.models import Notice
from public_notice.queries.open_data import VERSION, DataSet
from public_notice.queries.open_rows import moment

# What could end the block or begin another: it stays inside of the JSON as its number.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
SCHEMA = "https://schema.org"


def script_of(said: dict[str, Any]) -> SafeString:
    """Return the element; its kind is no language of scripts, so that the policy for scripts has nothing to stop."""
    text = json.dumps({"@context": SCHEMA, **said}, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above


def _office(name: str) -> dict[str, Any]:
    return {"@type": "GovernmentOrganization", "name": name}


def notice_said(notice: Notice) -> dict[str, Any]:
    """Return a notice: a public document about a project, with its period; only what was published is in it."""
    said = notice.content
    address = f"{settings.SITE_URL}/notices/{notice.public_id}/"
    project = said["project"]
    return {
        "@type": "DigitalDocument",
        "@id": address,
        "url": address,
        "headline": notice.title,
        "identifier": said["letter_number"],
        "inLanguage": "zh-Hans",
        "datePublished": moment(notice.published_at),
        "dateModified": moment(
            max(notice.closed_at or notice.published_at, notice.paper.issued_at)
        ),
        "temporalCoverage": f"{notice.starts_on}/{notice.ends_on or '..'}",
        "creativeWorkStatus": str(notice.stage),
        "publisher": _office(said["issuer"]["name"]),
        "isPartOf": {"@type": "Dataset", "url": f"{settings.SITE_URL}/open/#notices"},
        "about": {
            "@type": "Project",
            "name": project["name"],
            "identifier": project["code"],
            "location": {"@type": "Place", "name": project["location"]},
            "parentOrganization": {
                "@type": "Organization",
                "name": said["enterprise"]["name"],
                "taxID": said["enterprise"]["uscc"],
            },
        },
    }


def catalogue_said(sets: Iterable[DataSet]) -> dict[str, Any]:
    """Return the list of the data sets, with where each is."""
    county = County.objects.select_related("window").first()
    return {
        "@type": "DataCatalog",
        "url": f"{settings.SITE_URL}/open/",
        "publisher": _office(county.window.label) if county else None,
        "dataset": [
            {
                "@type": "Dataset",
                "@id": f"{settings.SITE_URL}/open/#{one.name}",
                "name": str(one.title),
                "description": str(one.defined),
                "version": VERSION,
                "isAccessibleForFree": True,
                "distribution": [
                    {
                        "@type": "DataDownload",
                        "encodingFormat": kind,
                        "contentUrl": f"{one.address}.{form}",
                    }
                    for form, kind in (
                        ("json", "application/json"),
                        ("csv", "text/csv"),
                        ("atom", "application/atom+xml"),
                    )
                ],
            }
            for one in sets
        ],
    }
