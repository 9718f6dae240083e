package leat.ml.registry;

import leat.core.artifact.ArtifactPath;

/// The bytes of a file are not what was uploaded, or not all of them are there. Nothing of the part
/// that would make it look whole was given out.
public final class ArtifactDamaged extends RuntimeException {

    ArtifactDamaged(ArtifactPath path, String why) {
        super("the artifact " + path + " is damaged: " + why + "; upload it again");
    }
}
