package leat.stream.enricher;

import java.util.Optional;
import leat.core.feature.CompiledView;

/// A feature view that steps may look up.
///
/// @param wanted the version of the workspace
/// @param former the version that serves while the workspace's is filled; empty where that serves
public record ServedView(CompiledView wanted, Optional<CompiledView> former) {}
