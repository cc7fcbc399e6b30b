//! What is looked at in the values of a pipeline: what checkpoints keep, and whether sizes are measured.

use super::reader::Reader;

/// Values of each node that checkpoints may keep.
const MAX_HISTORY: usize = 10_000;

impl Reader {
    /// How many values checkpoints keep of each node; 0 where they are turned off.
    pub(super) fn checkpoints(&mut self) -> usize {
        let wanted = format!("a whole number from 1 to {MAX_HISTORY}");
        let history = self.read("checkpoint_history", 1, &wanted, |text| {
            let history = text.parse::<usize>().ok()?;
            (1..=MAX_HISTORY).contains(&history).then_some(history)
        });
        match self.truth_or("checkpointing", true) {
            true => history,
            false => 0,
        }
    }

    /// Sizes are of the metrics: who turns those off and asks for sizes would wait for figures that never come.
    pub(super) fn data_sizes(&mut self, metrics: bool) -> bool {
        let measures = self.truth("data_sizes");
        if let (true, false, Some(entry)) = (measures, metrics, self.winner("data_sizes")) {
            let mistake = format!(
                "{}: `data_sizes = true` measures nothing beside `metrics = false`, which turns off all that is measured \
                 of stages; take one of them out",
                entry.layer
            );
            self.mistakes.push(mistake);
        }
        measures
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, Settings};
    use crate::error::Error;
    use crate::graph::Spec;

    static SPEC: Spec = Spec {
        name: "shop",
        settings: &[],
        nodes: &[],
        edges: &[],
    };

    fn settle(config: &Config) -> Result<Settings, Error> {
        config.settle(&SPEC)
    }

    #[test]
    fn sizes_are_refused_beside_no_metrics() {
        let config = Config::new().set("data_sizes", "true");
        assert!(settle(&config).unwrap().data_sizes);
        let refused = settle(&config.set("metrics", "false")).unwrap_err();
        assert!(refused.to_string().contains("`data_sizes = true`"));
    }

    #[test]
    fn checkpoints_keep_one_value_unless_more_are_asked_for_or_they_are_turned_off() {
        let kept = |config: &Config| settle(config).unwrap().checkpoints;
        let config = Config::new();
        assert_eq!(kept(&config), 1);
        let many = config.set("checkpoint_history", "50");
        assert_eq!(kept(&many), 50);
        assert_eq!(kept(&many.clone().set("checkpointing", "false")), 0);
        let refused = settle(&many.set("checkpoint_history", "10001")).unwrap_err();
        assert!(refused.to_string().contains("1 to 10000"));
    }
}
