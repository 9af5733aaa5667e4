"""Reviews from G2: a column per question; which side of the opinion an answer is on follows from its question."""

import re

from ingest.layouts.port import Shape, TableLook, fields_from, names_of

_FIELDS = {
    "external_id": ("surveyresponseid", "responseid", "reviewid", "id"),
    "said_at": (
        "submittedat",
        "datesubmitted",
        "submitteddate",
        "reviewdate",
        "publishedat",
        "updatedat",
        "date",
    ),
    "author": ("revieweremail", "email", "reviewername", "name", "username"),
    "account": ("companyname", "company", "organization", "revieweremployer"),
    "rating": ("starrating", "rating", "overallrating", "stars"),
    "title": ("reviewtitle", "title", "headline"),
    "url": ("reviewurl", "url", "link"),
    "segment.product": ("productname", "product"),
    "segment.company_size": ("companysegment", "companysize", "segment"),
    "segment.industry": ("industry",),
    "segment.role": ("role", "jobtitle", "revieweruserrole"),
    "segment.region": ("region", "country", "regions"),
    "segment.source": ("reviewsource", "source"),
}
_LIKE = re.compile(r"(?:whatdoyoulike(?!leas)|likebest|love\Z|likes\Z)")
_DISLIKE = re.compile(r"(?:whatdoyoudislike|whatdoyoulikeleast|hate\Z|dislikes\Z)")
_OTHER = re.compile(
    r"(?:whatproblems|whatbusinessproblems|recommendationstoothers|problemssolved|benefits\Z|recommendations\Z)"
)
_TYPICAL = (
    "starrating",
    "productname",
    "companysegment",
    "industry",
    "submittedat",
    "reviewurl",
    "surveyresponseid",
)
_MIN_TYPICAL = 2


def g2(look: TableLook) -> Shape | None:
    """What do you like best, and what do you dislike: both are asked of every reviewer."""
    disliked = [place for place, key in enumerate(look.keys) if _DISLIKE.match(key)]
    liked = [place for place, key in enumerate(look.keys) if place not in disliked and _LIKE.match(key)]
    if len(liked) != 1 or len(disliked) != 1:
        return None
    fields = fields_from(look, _FIELDS)
    if sum(key in look.keys for key in _TYPICAL) < _MIN_TYPICAL:
        return None
    names = names_of(look)
    others = [place for place, key in enumerate(look.keys) if _OTHER.match(key)]
    used = set(fields.values()) | {names[place] for place in (*liked, *disliked, *others)}
    return Shape(
        layout="g2",
        confidence=look.sureness(*_TYPICAL),
        columns=names,
        fields=fields,
        opens=tuple(names[place] for place in sorted([*liked, *disliked, *others])),
        attributes=tuple(name for name in names if name not in used),
        context={
            names[liked[0]]: {"polarity": "positive"},
            names[disliked[0]]: {"polarity": "negative"},
        },
        source="g2",
    )
