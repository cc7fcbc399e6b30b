//! A TCP proxy on loopback between the members and the broker, which cuts, delays and refuses as it is told, and knows a
//! commit when it sees one. It changes no byte.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often those who wait look whether the proxy has ended.
const TICK: Duration = Duration::from_millis(20);

/// Kafka's numbers of the requests that commit: OffsetCommit, EndTxn, TxnOffsetCommit.
const COMMITS: [i16; 3] = [8, 26, 28];

/// A running proxy. It ends, with its connections, when this value is dropped.
pub(crate) struct Proxy {
    shared: Arc<Shared>,
}

/// What is done to commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Commits {
    /// They pass.
    Pass,
    /// The connection is cut instead: the broker never sees them.
    Cut,
    /// They pass, and the connection is cut before the answer: the member never knows.
    CutAnswer,
}

struct Shared {
    /// Where the broker listens.
    broker: u16,
    ended: AtomicBool,
    /// New connections are closed at once.
    refuses: AtomicBool,
    /// Milliseconds that each piece waits.
    delay: AtomicU64,
    commits: Mutex<Commits>,
    /// Commits that were cut.
    cut: AtomicUsize,
    open: Mutex<BTreeMap<u64, [TcpStream; 2]>>,
}

impl Proxy {
    /// Listens on one port for the broker on another.
    pub(crate) fn start(port: u16, broker: u16) -> io::Result<Proxy> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let shared = Arc::new(Shared {
            broker,
            ended: AtomicBool::new(false),
            refuses: AtomicBool::new(false),
            delay: AtomicU64::new(0),
            commits: Mutex::new(Commits::Pass),
            cut: AtomicUsize::new(0),
            open: Mutex::new(BTreeMap::new()),
        });
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || accept(&listener, &accepting));
        Ok(Proxy { shared })
    }

    /// Cuts all connections, and new ones from now on if it `refuses`.
    pub(crate) fn cut(&self, refuses: bool) {
        self.shared.refuses.store(refuses, Ordering::Release);
        self.shared.cut_all();
    }

    /// New connections are welcome again.
    pub(crate) fn accept(&self) {
        self.shared.refuses.store(false, Ordering::Release);
    }

    /// Each piece of data waits so many milliseconds from now on.
    pub(crate) fn delay(&self, millis: u64) {
        self.shared.delay.store(millis, Ordering::Release);
    }

    pub(crate) fn commits(&self, commits: Commits) {
        *self.shared.commits() = commits;
    }

    /// Commits that were cut so far, before or behind the broker.
    pub(crate) fn commits_cut(&self) -> usize {
        self.shared.cut.load(Ordering::Acquire)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Release);
        self.cut(true);
    }
}

impl Shared {
    fn open(&self) -> MutexGuard<'_, BTreeMap<u64, [TcpStream; 2]>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cut_all(&self) {
        let all = std::mem::take(&mut *self.open());
        all.values().flatten().for_each(close);
    }

    fn commits(&self) -> MutexGuard<'_, Commits> {
        self.commits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self) {
        let millis = self.delay.load(Ordering::Acquire);
        if millis > 0 {
            std::thread::sleep(Duration::from_millis(millis));
        }
    }
}

/// Takes connections until the proxy ends.
fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    let mut number = 0;
    while !shared.ended.load(Ordering::Acquire) {
        match listener.accept() {
            Ok((client, _)) => {
                number += 1;
                if let Err(error) = join(client, number, shared) {
                    // The broker is away: its clients find out by being cut.
                    if error.kind() != io::ErrorKind::ConnectionRefused {
                        eprintln!("proxy: {error}");
                    }
                }
            }
            Err(_) => std::thread::sleep(TICK),
        }
    }
}

/// Joins a client with the broker by two threads.
fn join(client: TcpStream, number: u64, shared: &Arc<Shared>) -> io::Result<()> {
    if shared.refuses.load(Ordering::Acquire) {
        return Ok(());
    }
    client.set_nonblocking(false)?;
    client.set_nodelay(true)?;
    let broker = TcpStream::connect((Ipv4Addr::LOCALHOST, shared.broker))?;
    broker.set_nodelay(true)?;
    let both = [client.try_clone()?, broker.try_clone()?];
    shared.open().insert(number, both);
    // It may have been told to refuse while this one connected.
    if shared.refuses.load(Ordering::Acquire) {
        shared.cut_all();
    }
    let answers = (broker.try_clone()?, client.try_clone()?);
    let (up, down) = (Arc::clone(shared), Arc::clone(shared));
    let silent = Arc::new(AtomicBool::new(false));
    let hush = Arc::clone(&silent);
    std::thread::spawn(move || {
        // The end of a connection, however it comes, ends both directions.
        let _end = requests(&client, &broker, &hush, &up);
        close(&client);
        close(&broker);
        up.open().remove(&number);
    });
    std::thread::spawn(move || {
        let _end = pass(&answers.0, &answers.1, &silent, &down);
        close(&answers.0);
        close(&answers.1);
    });
    Ok(())
}

/// Passes requests on, one by one. `hush` keeps the answers from then on.
fn requests(
    mut from: &TcpStream,
    mut to: &TcpStream,
    hush: &AtomicBool,
    shared: &Shared,
) -> io::Result<()> {
    let mut request = Vec::new();
    loop {
        let mut size = [0; 4];
        from.read_exact(&mut size)?;
        let length = u32::from_be_bytes(size) as usize;
        request.clear();
        request.extend(size);
        request.resize(4 + length, 0);
        from.read_exact(&mut request[4..])?;
        shared.wait();
        let commits = if is_commit(&request) {
            *shared.commits()
        } else {
            Commits::Pass
        };
        hush.store(commits != Commits::Pass, Ordering::Release);
        if commits != Commits::Cut {
            to.write_all(&request)?;
        }
        if commits != Commits::Pass {
            shared.cut.fetch_add(1, Ordering::AcqRel);
            close(from);
            // The broker gets time to read.
            std::thread::sleep(TICK);
            return Ok(());
        }
    }
}

/// Passes answers on as they come, until it is to be `silent`.
fn pass(
    mut from: &TcpStream,
    mut to: &TcpStream,
    silent: &AtomicBool,
    shared: &Shared,
) -> io::Result<()> {
    let mut piece = vec![0; 65_536];
    loop {
        let length = from.read(&mut piece)?;
        if length == 0 {
            return Ok(());
        }
        shared.wait();
        if silent.load(Ordering::Acquire) {
            return Ok(());
        }
        to.write_all(&piece[..length])?;
    }
}

/// Whether a request, which begins with its size and its number, commits offsets.
fn is_commit(request: &[u8]) -> bool {
    let number = request.get(4..6).and_then(|bytes| bytes.try_into().ok());
    number.is_some_and(|bytes| COMMITS.contains(&i16::from_be_bytes(bytes)))
}

fn close(stream: &TcpStream) {
    // One that is closed already is what was wanted.
    let _closed = stream.shutdown(Shutdown::Both);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A broker that answers each request with its own bytes, a client at the proxy's door, and how many requests came.
    struct Pair {
        proxy: Proxy,
        client: TcpStream,
        port: u16,
        came: Arc<AtomicUsize>,
    }

    impl Pair {
        fn new() -> Pair {
            let broker = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
            let came = Arc::new(AtomicUsize::new(0));
            let counter = Arc::clone(&came);
            let behind = broker.local_addr().expect("it listens").port();
            std::thread::spawn(move || {
                for stream in broker.incoming().flatten() {
                    let counter = Arc::clone(&counter);
                    std::thread::spawn(move || echo(&stream, &counter));
                }
            });
            let port = xtask::services::free_port().expect("a port");
            let proxy = Proxy::start(port, behind).expect("the port is free");
            Pair {
                proxy,
                client: dial(port),
                port,
                came,
            }
        }

        /// Whether a request is answered.
        fn asks(&mut self, number: i16) -> bool {
            let mut request = vec![0, 0, 0, 4];
            request.extend(number.to_be_bytes());
            request.extend([7, 7]);
            let mut answer = vec![0; request.len()];
            let answered = self
                .client
                .write_all(&request)
                .and_then(|()| self.client.read_exact(&mut answer));
            answered.is_ok() && answer == request
        }

        fn dials_again(&mut self) {
            self.client = dial(self.port);
        }

        fn came(&self) -> usize {
            self.came.load(Ordering::Acquire)
        }
    }

    fn dial(port: u16) -> TcpStream {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("the proxy listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("a time");
        stream
    }

    fn echo(mut stream: &TcpStream, came: &AtomicUsize) {
        let mut request = [0; 8];
        while stream.read_exact(&mut request).is_ok() {
            came.fetch_add(1, Ordering::AcqRel);
            if stream.write_all(&request).is_err() {
                return;
            }
        }
    }

    const FETCH: i16 = 1;
    const COMMIT: i16 = 8;

    #[test]
    fn what_it_is_not_told_to_change_passes() {
        let mut pair = Pair::new();
        assert!(pair.asks(FETCH) && pair.asks(COMMIT));
        pair.proxy.delay(20);
        assert!(pair.asks(FETCH));
        assert_eq!((pair.came(), pair.proxy.commits_cut()), (3, 0));
    }

    #[test]
    fn a_cut_ends_connections_and_refuses_new_ones_until_it_is_over() {
        let mut pair = Pair::new();
        assert!(pair.asks(FETCH));
        pair.proxy.cut(true);
        assert!(!pair.asks(FETCH));
        pair.dials_again();
        assert!(!pair.asks(FETCH), "it refuses");
        pair.proxy.accept();
        pair.dials_again();
        assert!(pair.asks(FETCH));
    }

    #[test]
    fn a_commit_can_be_cut_before_the_broker() {
        let mut pair = Pair::new();
        pair.proxy.commits(Commits::Cut);
        assert!(pair.asks(FETCH), "others pass");
        assert!(!pair.asks(COMMIT));
        assert_eq!((pair.came(), pair.proxy.commits_cut()), (1, 1));
        pair.proxy.commits(Commits::Pass);
        pair.dials_again();
        assert!(pair.asks(COMMIT));
    }

    #[test]
    fn a_commit_can_be_cut_behind_the_broker() {
        let mut pair = Pair::new();
        pair.proxy.commits(Commits::CutAnswer);
        assert!(!pair.asks(COMMIT));
        for _ in 0..100 {
            if pair.came() == 1 {
                return;
            }
            std::thread::sleep(TICK);
        }
        panic!("the broker never saw it");
    }

    #[test]
    fn what_is_closed_is_forgotten() {
        let mut pair = Pair::new();
        for _ in 0..5 {
            assert!(pair.asks(FETCH));
            pair.dials_again();
        }
        assert!(pair.asks(FETCH));
        for _ in 0..100 {
            if pair.proxy.shared.open().len() == 1 {
                return;
            }
            std::thread::sleep(TICK);
        }
        panic!("{} connections are kept", pair.proxy.shared.open().len());
    }
}
