package leat.core.feature;

/// An entry of the state is not of the view, or not whole. To go on would be to serve wrong values,
/// and to read it again changes nothing: the view stays stopped until somebody does what the
/// message says.
public final class TileUnreadable extends IllegalStateException {

    TileUnreadable(String message) {
        super(message);
    }
}
