"""Writing down who did what through the service."""

from datetime import UTC, datetime

from api.deps import Service
from assistant.domain.access import AuditEntry, Principal

_LONGEST_ACTION = 200
_LONGEST_TARGET = 500


def note(service: Service, workspace: str, who: Principal, action: str, target: str, status: int) -> None:
    """Append to the workspace's log. Args: status: as over HTTP. Raises: StoreError: what wasn't noted isn't acknowledged."""
    entry = AuditEntry(
        at=datetime.now(UTC),
        by=who.name,
        role=who.role,
        key_id=who.key_id,
        action=action[:_LONGEST_ACTION],
        target=target[:_LONGEST_TARGET],
        status=int(status),
    )
    with service.benches.use(workspace) as bench:
        bench.catalog.audit.append(workspace, entry)
