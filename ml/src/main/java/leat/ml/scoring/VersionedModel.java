package leat.ml.scoring;

import leat.core.scoring.Model;

/// A model that can say which version answers.
interface VersionedModel extends Model {

    /// That of the newest run, `failure-risk/3`.
    String version();
}
