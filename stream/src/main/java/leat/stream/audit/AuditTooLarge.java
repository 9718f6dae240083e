package leat.stream.audit;

/// The window holds more than an audit may look at once. Nothing was judged: audit it in parts.
public final class AuditTooLarge extends RuntimeException {

    AuditTooLarge(long limit) {
        super(
                "the window holds more than "
                        + limit
                        + " sightings (records, rows and documents): audit it in parts, with --from"
                        + " and --to closer together, or raise audit.max-sightings");
    }
}
