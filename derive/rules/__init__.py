"""Proposers: they find steps, constants and repairs, and can prove nothing; the kernel checks what they find."""
