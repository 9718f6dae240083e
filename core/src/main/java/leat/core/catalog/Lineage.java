package leat.core.catalog;

/// What comes from what, and goes where, beside what views say themselves.
record Lineage(StepLineage steps, ModelLineage models) {}
