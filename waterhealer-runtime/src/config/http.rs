//! Where a running pipeline answers over HTTP, if anywhere. What it answers is `serve`'s business.

use std::net::SocketAddr;

use super::reader::Reader;
use super::{Config, Entry, Layer};

/// Where a whole program answers unless something else is said.
const USUAL: &str = "127.0.0.1:8000";

/// An address to answer at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Http {
    pub(crate) address: SocketAddr,
    /// Somebody has written it; else it is only what a whole program tries.
    pub(crate) chosen: bool,
}

impl Config {
    /// What a whole program has, and a pipeline inside another program has not: an address to answer at.
    pub(crate) fn of_a_program(mut self) -> Self {
        self.entries.push(Entry {
            layer: Layer::Usual,
            key: "http".to_owned(),
            value: USUAL.to_owned(),
        });
        self
    }
}

impl Reader {
    /// Where it answers, if anywhere.
    pub(super) fn http(&mut self) -> Option<Http> {
        let chosen = self
            .winner("http")
            .is_some_and(|entry| entry.layer != Layer::Usual);
        let wanted = format!(
            "`off`, or an address of this machine such as `{USUAL}`, `localhost:8000` or, for all of its networks, `0.0.0.0:8000`"
        );
        let address = self.read("http", None, &wanted, parse)?;
        Some(Http { address, chosen })
    }
}

fn parse(text: &str) -> Option<Option<SocketAddr>> {
    let text = text.trim();
    if text == "off" {
        return Some(None);
    }
    // Not looked up: a name server has no say in whether this is loopback.
    let address = match text.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None => text.to_owned(),
    };
    address.parse().ok().map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Spec;

    const SPEC: Spec = Spec {
        name: "billing",
        settings: &[],
        nodes: &[],
        edges: &[],
    };

    fn http(config: &Config) -> Option<Http> {
        config.settle(&SPEC).unwrap().http
    }

    #[test]
    fn a_program_answers_on_loopback_and_a_pipeline_inside_one_nowhere() {
        assert_eq!(http(&Config::new()), None);
        let usual = http(&Config::new().of_a_program()).unwrap();
        assert!(usual.address.ip().is_loopback() && !usual.chosen);
    }

    #[test]
    fn what_anybody_writes_wins_over_what_is_usual() {
        let off = Config::new().set("http", "off").of_a_program();
        assert_eq!(http(&off), None);
        for (text, address) in [
            ("localhost:9000", "127.0.0.1:9000"),
            ("[::1]:0", "[::1]:0"),
            ("0.0.0.0:8000", "0.0.0.0:8000"),
        ] {
            let config = Config::new().of_a_program().set("http", text);
            let found = http(&config).unwrap();
            assert_eq!(
                (found.address.to_string().as_str(), found.chosen),
                (address, true)
            );
        }
    }

    #[test]
    fn what_is_no_address_is_a_mistake() {
        for text in ["8000", "on", "example.com:80", "127.0.0.1"] {
            let config = Config::new().set("http", text);
            let error = config.settle(&SPEC).unwrap_err().to_string();
            assert!(error.contains("`http` must be `off`, or"), "{error}");
        }
    }
}
