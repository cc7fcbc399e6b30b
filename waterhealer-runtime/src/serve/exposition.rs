//! Metrics in the text format of Prometheus: the one place that knows its library. Families are made when somebody asks, out
//! of figures that are there anyway, so that counting costs the records nothing.

use prometheus::TextEncoder;
use prometheus::proto::{
    Bucket, Counter, Gauge, Histogram, LabelPair, Metric as Sample, MetricFamily, MetricType,
};

use super::names::Metric;
use crate::observe::{BOUNDS, SIZES, Sizes, Times};

/// The content type of the text.
pub(super) const TEXT: &str = prometheus::TEXT_FORMAT;

/// Collects samples into families.
#[derive(Default)]
pub(super) struct Exposition {
    families: Vec<MetricFamily>,
}

impl Exposition {
    /// A number that is there; one that is not known is no sample.
    pub(super) fn number(&mut self, metric: &Metric, labels: &[&str], value: impl Into<f64>) {
        let value = value.into();
        let mut sample = Sample::from_label(pairs(metric, labels));
        match metric.kind {
            "counter" => {
                let mut counter = Counter::default();
                counter.set_value(value);
                sample.set_counter(counter);
            }
            _ => {
                let mut gauge = Gauge::default();
                gauge.set_value(value);
                sample.set_gauge(gauge);
            }
        }
        self.family(metric).mut_metric().push(sample);
    }

    /// How long something took, in seconds.
    pub(super) fn distribution(&mut self, metric: &Metric, labels: &[&str], times: &Times) {
        let bounds = BOUNDS.iter().map(|bound| *bound as f64 / 1e9);
        let buckets = bounds.zip(times.buckets);
        self.histogram(
            metric,
            labels,
            buckets,
            (times.count(), times.sum as f64 / 1e9),
        );
    }

    /// How large something was, in bytes.
    pub(super) fn sizes(&mut self, metric: &Metric, labels: &[&str], sizes: &Sizes) {
        let bounds = SIZES.iter().map(|bound| *bound as f64);
        let buckets = bounds.zip(sizes.buckets);
        self.histogram(metric, labels, buckets, (sizes.count(), sizes.sum as f64));
    }

    fn histogram(
        &mut self,
        metric: &Metric,
        labels: &[&str],
        buckets: impl Iterator<Item = (f64, u64)>,
        (count, total): (u64, f64),
    ) {
        let mut sum = 0;
        let buckets = buckets.map(|(bound, count)| {
            sum += count;
            let mut bucket = Bucket::default();
            bucket.set_upper_bound(bound);
            bucket.set_cumulative_count(sum);
            bucket
        });
        let mut histogram = Histogram::default();
        histogram.set_bucket(buckets.collect());
        histogram.set_sample_count(count);
        histogram.set_sample_sum(total);
        let mut sample = Sample::from_label(pairs(metric, labels));
        sample.set_histogram(histogram);
        self.family(metric).mut_metric().push(sample);
    }

    /// All of it as text.
    ///
    /// # Errors
    /// When the library refuses a family.
    pub(super) fn text(self) -> Result<String, String> {
        let text = TextEncoder::new().encode_to_string(&self.families);
        text.map_err(|error| error.to_string())
    }

    fn family(&mut self, metric: &Metric) -> &mut MetricFamily {
        let found = self
            .families
            .iter()
            .position(|family| family.name() == metric.name);
        let index = found.unwrap_or_else(|| {
            let mut family = MetricFamily::default();
            family.set_name(metric.name.to_owned());
            family.set_help(metric.help.to_owned());
            family.set_field_type(match metric.kind {
                "counter" => MetricType::COUNTER,
                "histogram" => MetricType::HISTOGRAM,
                _ => MetricType::GAUGE,
            });
            self.families.push(family);
            self.families.len() - 1
        });
        &mut self.families[index]
    }
}

fn pairs(metric: &Metric, values: &[&str]) -> Vec<LabelPair> {
    debug_assert_eq!(metric.labels.len(), values.len(), "{}", metric.name);
    let pairs = metric.labels.iter().zip(values).map(|(name, value)| {
        let mut pair = LabelPair::default();
        pair.set_name((*name).to_owned());
        pair.set_value((*value).to_owned());
        pair
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::super::names;
    use super::*;

    #[test]
    fn samples_of_one_metric_stand_together_under_its_help() {
        let mut exposition = Exposition::default();
        for (partition, lag) in [("0", 3), ("1", 0)] {
            let labels = ["billing", "group \"1\"", "orders", partition];
            exposition.number(&names::LAG, &labels, lag);
        }
        let mut times = Times::default();
        for nanos in [400_000_000, 2_000_000_000, 61_000_000_000] {
            times.note(nanos, 1);
        }
        exposition.distribution(&names::COMMIT_DURATION, &["billing", "g"], &times);
        let text = exposition.text().unwrap();
        let (lag, times) = text.split_once("# HELP waterhealer_commit").unwrap();
        assert_eq!(
            lag,
            r#"# HELP waterhealer_consumer_lag_records Records between the committed offset and the end of the log.
# TYPE waterhealer_consumer_lag_records gauge
waterhealer_consumer_lag_records{pipeline="billing",group="group \"1\"",topic="orders",partition="0"} 3
waterhealer_consumer_lag_records{pipeline="billing",group="group \"1\"",topic="orders",partition="1"} 0
"#
        );
        for line in [
            r#"_bucket{pipeline="billing",group="g",le="0.25"} 0"#,
            r#"_bucket{pipeline="billing",group="g",le="0.5"} 1"#,
            r#"_bucket{pipeline="billing",group="g",le="60"} 2"#,
            r#"_bucket{pipeline="billing",group="g",le="+Inf"} 3"#,
            r#"_sum{pipeline="billing",group="g"} 63.4"#,
            r#"_count{pipeline="billing",group="g"} 3"#,
        ] {
            assert!(times.contains(line), "{line} in {times}");
        }
    }
}
