//! The configuration of one broker: a single node that is its own controller, on loopback, small. No I/O.

use std::path::Path;

/// Where one broker listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ports {
    pub(super) clients: u16,
    pub(super) controller: u16,
    /// A second door for clients, behind somebody else's.
    pub(super) proxied: Option<Proxied>,
}

/// A listener that clients reach through a proxy only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Proxied {
    /// Where the broker listens.
    pub(super) listens: u16,
    /// Where the proxy listens, which is what the broker tells the clients that come this way.
    pub(super) advertised: u16,
}

/// The text of `server.properties` for the broker that keeps its data in `data`.
pub(super) fn server_properties(ports: Ports, data: &Path) -> String {
    let Ports {
        clients,
        controller,
        proxied,
    } = ports;
    let data = data.display();
    let door = |port: fn(Proxied) -> u16| {
        proxied.map_or_else(String::new, |proxied| {
            format!(",PROXIED://127.0.0.1:{}", port(proxied))
        })
    };
    let listens = door(|proxied| proxied.listens);
    let advertised = door(|proxied| proxied.advertised);
    format!(
        "\
process.roles=broker,controller
node.id=1
# With the voters written here, formatting needs no initial controllers.
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{clients},CONTROLLER://127.0.0.1:{controller}{listens}
advertised.listeners=PLAINTEXT://127.0.0.1:{clients}{advertised}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
log.dirs={data}
# One node keeps one copy; few partitions start fast.
offsets.topic.num.partitions=8
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
num.partitions=3
auto.create.topics.enable=true
log.retention.hours=24
# A test's first member need not wait for others, and one that is killed may be missed soon.
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
        let mut found = text
            .lines()
            .filter_map(|line| line.split_once('='))
            .filter(|(name, _)| *name == key);
        let value = found.next().map(|(_, value)| value);
        assert!(found.next().is_none(), "{key} is given twice");
        value
    }

    #[test]
    fn everything_is_on_loopback_and_on_the_given_ports() {
        let text = server_properties(
            Ports {
                clients: 29_092,
                controller: 29_093,
                proxied: None,
            },
            Path::new("/somewhere/data"),
        );
        assert_eq!(
            value(&text, "listeners"),
            Some("PLAINTEXT://127.0.0.1:29092,CONTROLLER://127.0.0.1:29093")
        );
        assert_eq!(
            value(&text, "advertised.listeners"),
            Some("PLAINTEXT://127.0.0.1:29092")
        );
        assert_eq!(
            value(&text, "controller.quorum.voters"),
            Some("1@127.0.0.1:29093")
        );
        assert_eq!(value(&text, "log.dirs"), Some("/somewhere/data"));
    }

    #[test]
    fn one_node_never_waits_for_a_second() {
        let text = server_properties(
            Ports {
                clients: 1,
                controller: 2,
                proxied: None,
            },
            Path::new("/d"),
        );
        let replicas = text
            .lines()
            .filter(|line| line.contains("replication.factor") || line.contains("min.isr"));
        assert!(
            replicas.clone().count() >= 3 && replicas.into_iter().all(|line| line.ends_with("=1")),
            "{text}"
        );
        assert_eq!(value(&text, "group.initial.rebalance.delay.ms"), Some("0"));
    }

    #[test]
    fn who_comes_by_the_proxy_is_told_of_the_proxy() {
        let proxied = Some(Proxied {
            listens: 3,
            advertised: 4,
        });
        let ports = Ports {
            clients: 1,
            controller: 2,
            proxied,
        };
        let text = server_properties(ports, Path::new("/d"));
        let listeners = value(&text, "listeners").unwrap_or_default();
        assert!(listeners.ends_with(",PROXIED://127.0.0.1:3"), "{listeners}");
        assert_eq!(
            value(&text, "advertised.listeners"),
            Some("PLAINTEXT://127.0.0.1:1,PROXIED://127.0.0.1:4")
        );
    }
}
