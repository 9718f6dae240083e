package leat.launcher;

/// The roles of this process cannot go on; the message says which, why, and what to do. Nothing is
/// lost by ending: what was not committed is read again by whoever comes next.
public final class RoleEnded extends RuntimeException {

    RoleEnded(String reason) {
        super(reason);
    }
}
