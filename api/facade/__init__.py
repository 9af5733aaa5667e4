"""The OpenAI-compatible surface: chat clients ask for drafts with the protocol that they speak already."""
