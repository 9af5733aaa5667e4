"""`/v1/kinds`: the kinds of draft there are."""

from fastapi import APIRouter
from pydantic import BaseModel

from prompts.loader import kinds

router = APIRouter(tags=["kinds"])


class SectionView(BaseModel):
    """A section of a kind."""

    id: str
    title: str
    required: bool


class KindView(BaseModel):
    """A kind of draft."""

    kind: str
    title: str
    purpose: str
    version: int
    sections: list[SectionView]


class KindList(BaseModel):
    """All kinds, by name."""

    items: list[KindView]


@router.get("/v1/kinds", summary="List kinds")
def get_kinds() -> KindList:
    """What can be drafted."""
    return KindList(
        items=[
            KindView(
                kind=name,
                title=prompt.title,
                purpose=prompt.purpose,
                version=prompt.version,
                sections=[
                    SectionView(id=section.id, title=section.title, required=section.required)
                    for section in prompt.sections
                ],
            )
            for name, prompt in kinds().items()
        ]
    )
