"""Proposers: they find steps, constants and repairs. None of them can prove anything; the kernel checks what they find."""
