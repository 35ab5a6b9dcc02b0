"""Reports: one view model made from a `derive.verdict.Checked`, and thin renderers of it."""
