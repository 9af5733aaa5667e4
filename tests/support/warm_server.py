"""What a started server has in memory, for the process that servers are forked from: to import this makes it.

Left out is onnxruntime, whose import starts a thread that a fork would not take along.
"""

import signal
from importlib import import_module

from api.app import create_app
from assistant.settings import Settings
from tests.support.ports import end_with_parent

# A server that is left over would else keep it alive.
end_with_parent(signal.SIGKILL)()
for _name in (
    "api.server",
    "assistant.stores.catalog",
    "assistant.stores.chroma",
    "chromadb_rust_bindings",
    "tokenizers",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
):
    import_module(_name)
create_app(Settings(host="127.0.0.1", api_key=None, oidc_issuer=None))
