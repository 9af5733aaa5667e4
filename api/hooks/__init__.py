"""Webhooks that go out, after Standard Webhooks 1.0: what happened is put into an outbox, signed, and sent until it arrives."""
