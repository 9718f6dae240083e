package leat.core.scoring;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.AbstractList;
import java.util.BitSet;
import java.util.RandomAccess;

/// A row of features that are all numbers, kept as such: they are made objects where somebody takes
/// them for a list's. What is whole is a [Long] there, the rest are [Double]s.
public final class NumberRow extends AbstractList<Object> implements RandomAccess {

    private final BitSet whole;
    private final double[] values;

    /// The arguments are not copied: whoever makes a row hands its array over.
    ///
    /// @param whole which places have whole numbers, none of them beyond 2⁵³
    public NumberRow(BitSet whole, double[] values) {
        this.whole = whole;
        this.values = values;
    }

    @Override
    public Object get(int place) {
        return whole.get(place) ? (Object) (long) values[place] : (Object) values[place];
    }

    @Override
    public int size() {
        return values.length;
    }

    /// Appends the numbers as floats.
    void putInto(FloatBuffer floats) {
        for (double value : values) {
            floats.put((float) value);
        }
    }

    /// Appends the numbers.
    void putInto(DoubleBuffer doubles) {
        doubles.put(values);
    }
}
