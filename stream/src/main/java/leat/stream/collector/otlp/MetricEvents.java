package leat.stream.collector.otlp;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Data points of metrics as events of the contract `metric-point`.
final class MetricEvents {

    private static final FieldDescriptor RESOURCES =
            ExportMetricsServiceRequest.getDescriptor()
                    .findFieldByNumber(ExportMetricsServiceRequest.RESOURCE_METRICS_FIELD_NUMBER);
    private static final FieldDescriptor SCOPES =
            ResourceMetrics.getDescriptor()
                    .findFieldByNumber(ResourceMetrics.SCOPE_METRICS_FIELD_NUMBER);
    private static final FieldDescriptor METRICS =
            ScopeMetrics.getDescriptor().findFieldByNumber(ScopeMetrics.METRICS_FIELD_NUMBER);

    /// The kinds of data that a metric can be of, each with a list of points.
    private static final List<Kind> KINDS =
            List.of(
                    new Kind(Metric.GAUGE_FIELD_NUMBER, Gauge.getDefaultInstance()),
                    new Kind(Metric.SUM_FIELD_NUMBER, Sum.getDefaultInstance()),
                    new Kind(Metric.HISTOGRAM_FIELD_NUMBER, Histogram.getDefaultInstance()),
                    new Kind(
                            Metric.EXPONENTIAL_HISTOGRAM_FIELD_NUMBER,
                            ExponentialHistogram.getDefaultInstance()),
                    new Kind(Metric.SUMMARY_FIELD_NUMBER, Summary.getDefaultInstance()));

    private static final Set<FieldDescriptor> DATA =
            KINDS.stream().map(Kind::data).collect(Collectors.toSet());

    private final Collected collected;

    /// @param data the metric's field that holds it
    /// @param points the list in it
    private record Kind(FieldDescriptor data, FieldDescriptor points, Message empty) {
        Kind(int number, Message empty) {
            this(
                    Metric.getDescriptor().findFieldByNumber(number),
                    empty.getDescriptorForType().findFieldByName("data_points"),
                    empty);
        }
    }

    MetricEvents(Collected collected) {
        this.collected = collected;
    }

    void read(Undecoded request) throws MalformedExport {
        // Reads over the whole of it, so that what is no request is found to be none.
        request.decode(ExportMetricsServiceRequest.newBuilder(), Set.of(RESOURCES));
        request.each(RESOURCES, this::resource);
    }

    private void resource(Undecoded part) throws MalformedExport {
        ResourceMetrics head = part.decode(ResourceMetrics.newBuilder(), Set.of(SCOPES)).build();
        part.each(
                SCOPES,
                scoped -> {
                    ScopeMetrics scope =
                            scoped.decode(ScopeMetrics.newBuilder(), Set.of(METRICS)).build();
                    byte[] place = AttributeJson.place(head.getResource(), scope.getScope());
                    scoped.each(METRICS, metric -> metric(place, metric));
                });
    }

    private void metric(byte[] place, Undecoded part) throws MalformedExport {
        Metric head = part.decode(Metric.newBuilder(), DATA).build();
        for (Kind kind : KINDS) {
            part.each(kind.data(), data -> points(place, head, kind, data));
        }
    }

    private void points(byte[] place, Metric head, Kind kind, Undecoded data)
            throws MalformedExport {
        Message series =
                data.decode(kind.empty().newBuilderForType(), Set.of(kind.points())).build();
        PointJson json = new PointJson(place, head, series);
        data.each(
                kind.points(),
                point -> {
                    if (collected.fits(point)) {
                        json.write(point, collected);
                    } else {
                        collected.addTooLarge(point);
                    }
                });
    }
}
