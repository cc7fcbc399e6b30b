//! Metrics in the text format of Prometheus: the one place that knows its library. Families are made when somebody asks, out
//! of figures that are there anyway, so that counting costs the records nothing.

use prometheus::TextEncoder;
use prometheus::proto::{
    Bucket, Counter, Gauge, Histogram, LabelPair, Metric as Sample, MetricFamily, MetricType,
};

use super::names::Metric;

/// The content type of the text.
pub(super) const TEXT: &str = prometheus::TEXT_FORMAT;

/// Collects samples into families.
#[derive(Default)]
pub(super) struct Exposition {
    families: Vec<MetricFamily>,
}

/// A histogram as it was found.
pub(super) struct Distribution {
    /// Upper bounds in seconds, with how many took at most that.
    pub(super) cumulative: Vec<(f64, u64)>,
    pub(super) count: u64,
    pub(super) sum: f64,
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

    /// A histogram.
    pub(super) fn distribution(&mut self, metric: &Metric, labels: &[&str], found: Distribution) {
        let buckets = found.cumulative.into_iter().map(|(bound, count)| {
            let mut bucket = Bucket::default();
            bucket.set_upper_bound(bound);
            bucket.set_cumulative_count(count);
            bucket
        });
        let mut histogram = Histogram::default();
        histogram.set_bucket(buckets.collect());
        histogram.set_sample_count(found.count);
        histogram.set_sample_sum(found.sum);
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
        let found = Distribution {
            cumulative: vec![(0.5, 1), (1.0, 2)],
            count: 3,
            sum: 4.5,
        };
        exposition.distribution(&names::COMMIT_DURATION, &["billing", "g"], found);
        let text = exposition.text().unwrap();
        let expected = r#"# HELP waterhealer_consumer_lag_records Records between the committed offset and the end of the log.
# TYPE waterhealer_consumer_lag_records gauge
waterhealer_consumer_lag_records{pipeline="billing",group="group \"1\"",topic="orders",partition="0"} 3
waterhealer_consumer_lag_records{pipeline="billing",group="group \"1\"",topic="orders",partition="1"} 0
# HELP waterhealer_commit_duration_seconds How long the broker took to answer a commit.
# TYPE waterhealer_commit_duration_seconds histogram
waterhealer_commit_duration_seconds_bucket{pipeline="billing",group="g",le="0.5"} 1
waterhealer_commit_duration_seconds_bucket{pipeline="billing",group="g",le="1"} 2
waterhealer_commit_duration_seconds_bucket{pipeline="billing",group="g",le="+Inf"} 3
waterhealer_commit_duration_seconds_sum{pipeline="billing",group="g"} 4.5
waterhealer_commit_duration_seconds_count{pipeline="billing",group="g"} 3
"#;
        assert_eq!(text, expected);
    }
}
