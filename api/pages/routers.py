"""The routers of all pages, in the order in which their addresses are tried."""

from fastapi import APIRouter

from api.pages import (
    addresses,
    assets,
    chat,
    check,
    compare,
    counting,
    draft_decisions,
    draft_edits,
    draft_numbers,
    draft_refresh,
    draft_remarks,
    draft_suggestions,
    draft_tickets,
    drafts,
    evals,
    evidence,
    home,
    imports,
    jobs,
    new_draft,
    records,
    settings,
    suffixes,
    theme_edits,
    theme_list,
    theme_map,
    themes,
    tickets,
)

ROUTERS: tuple[APIRouter, ...] = tuple(
    one.router
    for one in (
        assets,
        home,
        counting,
        imports,
        evidence,
        records,
        # Before the page of one theme, whose id could be `list` or `edits`.
        theme_list,
        theme_edits,
        theme_map,
        # Before pages whose id would swallow a suffix.
        suffixes,
        themes,
        # Before the page of one draft, whose id could be `new`.
        new_draft,
        chat,
        drafts,
        draft_decisions,
        draft_edits,
        draft_numbers,
        draft_refresh,
        draft_remarks,
        draft_suggestions,
        draft_tickets,
        compare,
        check,
        evals,
        tickets,
        jobs,
        settings,
        addresses,
    )
)
