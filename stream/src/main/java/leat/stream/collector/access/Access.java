package leat.stream.collector.access;

/// Tells who stands behind credentials. Doors ask once a request or a connection; what the caller
/// may do is asked again with every batch.
public interface Access {

    /// Lets everybody do everything: for a collector on loopback.
    Access OPEN = (_, _) -> new Admission.Admitted(Caller.ANYONE);

    /// Decides on the credentials alone, without waiting; called on event loops.
    Admission admit(DoorKind door, Credentials credentials);

    /// Who a client is, or why it is nobody.
    sealed interface Admission {

        /// A client that may try.
        record Admitted(Caller caller) implements Admission {}

        /// A client that may not come in at all.
        record Denied(Denial denial) implements Admission {}
    }
}
