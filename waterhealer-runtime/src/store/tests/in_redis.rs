//! Redis: what all stores do, and what a server does, started here on a socket of its own.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::store::redis::Redis;

use super::*;

/// A Redis of this test's own; it ends with it.
struct Server {
    folder: tempfile::TempDir,
    process: Child,
}

impl Server {
    fn start(arguments: &[&str]) -> Server {
        let folder = tempfile::tempdir().unwrap();
        let process = launch(folder.path(), arguments);
        Server { folder, process }
    }

    fn url(&self) -> String {
        format!("unix://{}/socket", self.folder.path().display())
    }

    fn store(&self) -> Redis {
        Redis::new(&self.url(), HOUR).unwrap()
    }

    fn ask<T: ::redis::FromRedisValue>(&self, command: &[&str]) -> T {
        let client = ::redis::Client::open(self.url()).unwrap();
        let mut ask = ::redis::cmd(command[0]);
        for argument in &command[1..] {
            ask.arg(argument);
        }
        ask.query(&mut client.get_connection().unwrap()).unwrap()
    }

    fn stop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn launch(folder: &Path, arguments: &[&str]) -> Child {
    let socket = folder.join("socket");
    let process = Command::new("redis-server")
        .args(["--port", "0", "--save", "", "--appendonly", "no"])
        .arg("--dir")
        .arg(folder)
        .arg("--unixsocket")
        .arg(&socket)
        .args(arguments)
        .stdout(Stdio::null())
        .spawn()
        .expect("redis-server is installed");
    let mut tries = 0;
    while std::os::unix::net::UnixStream::connect(&socket).is_err() {
        tries += 1;
        assert!(tries < 3_000, "redis-server does not start");
        std::thread::sleep(Duration::from_millis(10));
    }
    process
}

#[test]
fn redis_behaves() {
    let server = Server::start(&[]);
    behaves(32, || Box::new(server.store()));
    keeps_places_apart(&mut server.store());
}

#[test]
fn writers_never_clear_what_others_have_set() {
    let server = Server::start(&[]);
    let (mut one, mut other) = (server.store(), server.store());
    let place = fresh();
    // Even offsets by one, every third by the other, all mixed up, densely enough for bitmaps to be laid over.
    for start in (0..9_000).step_by(900) {
        let of = |step: usize| {
            let runs = (start..start + 900).filter(move |offset| offset % step as i64 == 0);
            runs.map(|offset| offset..offset + 1).collect::<Vec<_>>()
        };
        other.write(&finished(&place, &of(3))).unwrap();
        one.write(&finished(&place, &of(2))).unwrap();
    }
    let all: BTreeSet<i64> = (0..9_000)
        .filter(|offset| offset % 2 == 0 || offset % 3 == 0)
        .collect();
    assert_eq!(offsets(&one.read(&place).unwrap()), all);
}

#[test]
fn every_key_has_an_end() {
    let server = Server::start(&[]);
    let mut store = server.store();
    let place = fresh();
    let scattered: Vec<_> = (0..60_000)
        .step_by(3)
        .map(|offset| offset..offset + 1)
        .collect();
    store.write(&finished(&place, &scattered)).unwrap();
    store.write(&finished(&place, &[60_001..200_000])).unwrap();
    store.write(&committed(&place, 140_000)).unwrap();
    let keys: Vec<String> = server.ask(&["KEYS", "*"]);
    let base = format!("waterhealer:{{a:group:orders:0}}:{}", place.identity);
    let expected = [
        format!("{base}:2"),
        format!("{base}:3"),
        format!("{base}:index"),
    ];
    let keys: BTreeSet<String> = keys.into_iter().collect();
    assert_eq!(keys, expected.into(), "and no chunk below the commit");
    for key in keys {
        let left: u64 = server.ask(&["TTL", &key]);
        assert!((1..=HOUR.as_secs()).contains(&left), "{key}: {left}");
    }
}

#[test]
fn it_comes_back_to_a_server_that_was_away() {
    let mut server = Server::start(&[]);
    let mut store = server.store();
    let place = fresh();
    store.write(&finished(&place, &[0..10])).unwrap();
    server.stop();
    let away = store.write(&finished(&place, &[10..20]));
    assert!(matches!(away, Err(Outage::Away(_))), "{away:?}");
    server.process = launch(server.folder.path(), &[]);
    store.write(&finished(&place, &[10..20])).unwrap();
    // It has forgotten what it had: that is done again, and nothing else happens.
    assert_eq!(offsets(&store.read(&place).unwrap()), (10..20).collect());
    // A connection that was closed behind our back is no outage.
    let _closed: i64 = server.ask(&["CLIENT", "KILL", "TYPE", "normal"]);
    store.write(&finished(&place, &[20..30])).unwrap();
}

#[test]
fn a_password_that_is_wrong_is_said_and_not_shown() {
    let server = Server::start(&["--requirepass", "hunter2"]);
    for url in [server.url(), format!("{}?pass=hunter3", server.url())] {
        let settings = Settings {
            target: Target::Redis(url),
            // Not an outage: somebody has to change something.
            outages: Outages::Continue,
            max_entries: 1,
            max_age: HOUR,
        };
        let error = open(&settings, Duration::ZERO).err().unwrap().to_string();
        assert!(error.contains("cannot be opened"), "{error}");
        assert!(!error.contains("hunter"), "{error}");
    }
    let store = Redis::new(&format!("{}?pass=hunter2", server.url()), HOUR).unwrap();
    store.ping().unwrap();
}

#[test]
fn one_that_does_not_answer_is_said_or_gone_without() {
    let mut server = Server::start(&[]);
    server.stop();
    let mut settings = Settings {
        target: Target::Redis(server.url()),
        outages: Outages::Block,
        max_entries: 1,
        max_age: HOUR,
    };
    let error = open(&settings, Duration::ZERO).err().unwrap().to_string();
    assert!(error.contains("does not answer within"), "{error}");
    assert!(error.contains("dedupe_outage"), "{error}");
    settings.outages = Outages::Continue;
    assert!(open(&settings, Duration::ZERO).is_ok());
}
