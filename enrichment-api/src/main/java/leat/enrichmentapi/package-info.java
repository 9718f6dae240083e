/// A server of the Enrichment API, for workspaces that have no service of their own: look-ups in
/// reference contracts and CSV files, over REST and gRPC. What both say is in `enrichment-protocol`
/// and `docs/reference/enrichment-api.md`. No stage knows it: the enricher asks it as it would ask
/// anybody's.
@NullMarked
package leat.enrichmentapi;

import org.jspecify.annotations.NullMarked;
