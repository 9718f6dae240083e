package leat.bench;

import java.time.Duration;
import java.util.List;
import leat.bench.OpenLoad.Answered;

/// A load that comes at its own pace, whatever it is answered and however late. A request's time
/// counts from when it was due.
interface PacedLoad extends AutoCloseable {

    /// Sends `perSecond` requests a second, the first ones first, for as long as `time`, and
    /// returns when all are answered.
    ///
    /// @throws IllegalStateException when a connection ends before
    List<Answered> send(double perSecond, Duration time);

    @Override
    void close();
}
