package leat.stream.collector.otlp;

import com.google.protobuf.Message;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.DataPointFlags;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint.Buckets;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.stream.collector.JsonBytes;

/// The data points of one metric as JSON.
final class PointJson {

    private final byte[] head;
    private final Message series;

    /// @param series the metric's data, without its points
    PointJson(byte[] place, Metric metric, Message series) {
        JsonBytes json = new JsonBytes(128 + place.length);
        json.raw("\"metric\":").text(metric.getName());
        if (!metric.getUnit().isEmpty()) {
            json.raw(",\"unit\":").text(metric.getUnit());
        }
        json.raw(place);
        switch (series) {
            case Gauge _ -> json.raw(",\"kind\":\"gauge\"");
            case Sum sum -> {
                json.raw(",\"kind\":\"sum\",\"monotonic\":");
                json.raw(Boolean.toString(sum.getIsMonotonic()));
                temporality(json, sum.getAggregationTemporality());
            }
            case Histogram histogram -> {
                json.raw(",\"kind\":\"histogram\"");
                temporality(json, histogram.getAggregationTemporality());
            }
            case ExponentialHistogram histogram -> {
                json.raw(",\"kind\":\"exponential-histogram\"");
                temporality(json, histogram.getAggregationTemporality());
            }
            case Summary _ -> json.raw(",\"kind\":\"summary\"");
            default -> throw new IllegalArgumentException("no data of a metric: " + series);
        }
        this.head = json.toBytes();
        this.series = series;
    }

    /// Decodes a point and adds its event.
    void write(Undecoded part, Collected collected) throws MalformedExport {
        Point point = new Point(head);
        switch (series) {
            case Gauge _, Sum _ ->
                    point.number(part.decode(NumberDataPoint.newBuilder(), Set.of()).build());
            case Histogram _ ->
                    point.histogram(part.decode(HistogramDataPoint.newBuilder(), Set.of()).build());
            case ExponentialHistogram _ ->
                    point.exponential(
                            part.decode(ExponentialHistogramDataPoint.newBuilder(), Set.of())
                                    .build());
            case Summary _ ->
                    point.summary(part.decode(SummaryDataPoint.newBuilder(), Set.of()).build());
            default -> throw new IllegalStateException("no data of a metric");
        }
        collected.add(point.json.raw("}").toBytes(), point.faults);
    }

    private static void temporality(JsonBytes json, AggregationTemporality temporality) {
        switch (temporality) {
            case AGGREGATION_TEMPORALITY_DELTA -> json.raw(",\"temporality\":\"delta\"");
            case AGGREGATION_TEMPORALITY_CUMULATIVE -> json.raw(",\"temporality\":\"cumulative\"");
            case AGGREGATION_TEMPORALITY_UNSPECIFIED, UNRECOGNIZED -> {}
        }
    }

    /// One point that is being written.
    private static final class Point {

        private final JsonBytes json;
        private final List<Reason> faults = new ArrayList<>();

        Point(byte[] head) {
            json = new JsonBytes(head.length + 192).raw("{").raw(head);
        }

        void number(NumberDataPoint point) {
            times(point.getTimeUnixNano(), point.getStartTimeUnixNano());
            switch (point.getValueCase()) {
                case AS_DOUBLE -> real("value", point.getAsDouble());
                case AS_INT -> json.raw(",\"value\":").number(point.getAsInt());
                case VALUE_NOT_SET -> {
                    if (!isGap(point.getFlags())) {
                        faults.add(
                                new Reason(
                                        ReasonCode.MISSING,
                                        "value",
                                        "the data point has no value"));
                    }
                }
            }
            attributes(point.getAttributesList());
        }

        void histogram(HistogramDataPoint point) {
            times(point.getTimeUnixNano(), point.getStartTimeUnixNano());
            json.raw(",\"count\":").number(point.getCount());
            if (point.hasSum()) {
                real("sum", point.getSum());
            }
            if (point.hasMin()) {
                real("min", point.getMin());
            }
            if (point.hasMax()) {
                real("max", point.getMax());
            }
            reals("bounds", point.getExplicitBoundsList());
            integers("bucket_counts", point.getBucketCountsList());
            attributes(point.getAttributesList());
        }

        void exponential(ExponentialHistogramDataPoint point) {
            times(point.getTimeUnixNano(), point.getStartTimeUnixNano());
            json.raw(",\"count\":").number(point.getCount());
            if (point.hasSum()) {
                real("sum", point.getSum());
            }
            if (point.hasMin()) {
                real("min", point.getMin());
            }
            if (point.hasMax()) {
                real("max", point.getMax());
            }
            json.raw(",\"scale\":").number(point.getScale());
            json.raw(",\"zero_count\":").number(point.getZeroCount());
            buckets("positive", point.getPositive());
            buckets("negative", point.getNegative());
            attributes(point.getAttributesList());
        }

        void summary(SummaryDataPoint point) {
            times(point.getTimeUnixNano(), point.getStartTimeUnixNano());
            json.raw(",\"count\":").number(point.getCount());
            real("sum", point.getSum());
            reals(
                    "quantiles",
                    point.getQuantileValuesList().stream()
                            .map(SummaryDataPoint.ValueAtQuantile::getQuantile)
                            .toList());
            reals(
                    "quantile_values",
                    point.getQuantileValuesList().stream()
                            .map(SummaryDataPoint.ValueAtQuantile::getValue)
                            .toList());
            attributes(point.getAttributesList());
        }

        private void times(long unixNanos, long startUnixNanos) {
            if (unixNanos == 0) {
                faults.add(new Reason(ReasonCode.MISSING, "time", "the data point has no time"));
            } else {
                json.raw(",\"time\":").text(AttributeJson.time(unixNanos));
            }
            if (startUnixNanos != 0) {
                json.raw(",\"start_time\":").text(AttributeJson.time(startUnixNanos));
            }
        }

        private void attributes(List<KeyValue> attributes) {
            AttributeJson.attributes(json, "attributes", attributes);
        }

        private void buckets(String name, Buckets buckets) {
            if (buckets.getBucketCountsCount() > 0) {
                json.raw(",\"").raw(name).raw("_offset\":").number(buckets.getOffset());
                integers(name + "_counts", buckets.getBucketCountsList());
            }
        }

        private void integers(String name, List<Long> numbers) {
            if (numbers.isEmpty()) {
                return;
            }
            json.raw(",\"").raw(name).raw("\":[");
            boolean first = true;
            for (long number : numbers) {
                json.raw(first ? "" : ",").number(number);
                first = false;
            }
            json.raw("]");
        }

        private void reals(String name, List<Double> numbers) {
            if (numbers.isEmpty()) {
                return;
            }
            json.raw(",\"").raw(name).raw("\":[");
            boolean first = true;
            for (double number : numbers) {
                json.raw(first ? "" : ",").raw(digits(name, number));
                first = false;
            }
            json.raw("]");
        }

        private void real(String name, double number) {
            json.raw(",\"").raw(name).raw("\":").raw(digits(name, number));
        }

        /// JSON has no digits for what is not finite: such a point is kept as a dead letter.
        private String digits(String name, double number) {
            if (Double.isFinite(number)) {
                return Double.toString(number);
            }
            faults.add(
                    new Reason(
                            ReasonCode.FORMAT, name, "it is " + number + ", which is not finite"));
            return "\"" + number + "\"";
        }

        /// Whether the point says that nothing was measured.
        private static boolean isGap(int flags) {
            return (flags & DataPointFlags.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK_VALUE) != 0;
        }
    }
}
