"""The preflight: what an issue is judged by before it is sent.

Rendered ─► open_letter() ─► Letter ─► RULES ─► faults: errors, which block sending, and warnings
"""
