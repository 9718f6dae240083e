package leat.core.tracking.search;

import java.util.List;
import java.util.Optional;
import leat.core.tracking.DatasetId;
import leat.core.tracking.ModelMetric;
import leat.core.tracking.TrackingRefused;

/// On which datasets the metrics have to be measured that a search looks at.
///
/// @param datasets one without a digest stands for all of its name; none for any metric, also one
///   without a dataset
public record MeasuredOn(List<DatasetId> datasets) {

    /// On any dataset, or on none.
    public static final MeasuredOn ANY = new MeasuredOn(List.of());

    public MeasuredOn {
        datasets = List.copyOf(datasets);
    }

    /// On a dataset.
    ///
    /// @param name empty for any
    /// @param digest empty for any
    /// @throws TrackingRefused when there is a digest without a name
    public static MeasuredOn of(String name, String digest) {
        if (name.isEmpty() && !digest.isEmpty()) {
            throw TrackingRefused.invalid(
                    "`dataset_digest` can only be specified if `dataset_name` is also specified.");
        }
        return name.isEmpty() ? ANY : new MeasuredOn(List.of(new DatasetId(name, digest)));
    }

    boolean takes(ModelMetric metric) {
        Optional<DatasetId> on = metric.dataset();
        return datasets.isEmpty()
                || on.filter(dataset -> datasets.stream().anyMatch(wanted -> is(wanted, dataset)))
                        .isPresent();
    }

    private static boolean is(DatasetId wanted, DatasetId dataset) {
        return wanted.name().equals(dataset.name())
                && (wanted.digest().isEmpty() || wanted.digest().equals(dataset.digest()));
    }
}
