"""From printed LaTeX to terms: tokens → grammar → interpretation under a declared notation."""
