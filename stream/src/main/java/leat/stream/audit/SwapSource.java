package leat.stream.audit;

import java.util.List;
import leat.core.prediction.Term;

/// Where it stands which versions of models predict from which position on.
public interface SwapSource {

    /// All terms of a scoring, in any order.
    ///
    /// @param scoring `failure-risk.v1`
    List<Term> terms(String scoring);
}
