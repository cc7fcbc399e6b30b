//! Loopback ports: which are free, and whether a Kafka or a Redis answers on one. Plain sockets, no client library.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use crate::Error;

/// Below the range that the system takes ports of outgoing connections from (32768 and up on Linux): out of that range a
/// client that tries to reach a broker which is just restarting could be given the broker's own port.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

const PATIENCE: Duration = Duration::from_secs(5);

/// A loopback port that nobody listens on, for an instance of one's own. No two calls of one process give the same, and
/// processes start looking at different places.
///
/// # Errors
/// When none is free.
pub fn free_port() -> Result<u16, Error> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let length = RANGE.end - RANGE.start;
    let offset = (std::process::id() % u32::from(length)) as u16;
    for _ in 0..length {
        let step = NEXT.fetch_add(1, Ordering::Relaxed) % length;
        // A prime stride, so that processes with neighbouring numbers do not follow each other.
        let place = (u32::from(offset) * 7 + u32::from(step) * 101) % u32::from(length);
        let port = RANGE.start + place as u16;
        if is_free(port) {
            return Ok(port);
        }
    }
    Err(Error::Failed(format!(
        "no free port on 127.0.0.1 between {} and {}",
        RANGE.start, RANGE.end
    )))
}

/// `wanted` if it is free, else another one.
pub(crate) fn this_or_free(wanted: u16) -> Result<u16, Error> {
    if is_free(wanted) {
        Ok(wanted)
    } else {
        free_port()
    }
}

pub(crate) fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Asks one of the brokers (`host:port,host:port`) for the versions that it speaks, as every client does first.
pub(crate) fn kafka_answers(brokers: &str) -> io::Result<()> {
    const CORRELATION: [u8; 4] = *b"wtrh";
    // Size 10, ApiVersions (18) in version 0, correlation id, no client id.
    let mut request = vec![0, 0, 0, 10, 0, 18, 0, 0];
    request.extend(CORRELATION);
    request.extend([0xff, 0xff]);

    first_that_answers(brokers.split(',').map(str::trim), |stream| {
        stream.write_all(&request)?;
        let mut answer = [0; 10];
        stream.read_exact(&mut answer)?;
        let (correlation, error) = (&answer[4..8], &answer[8..10]);
        Ok(correlation == CORRELATION && error == [0, 0])
    })
}

/// Sends `PING` to the Redis at `redis://[user:password@]host[:port][/database]`. One that wants a password answers too.
pub(crate) fn redis_answers(url: &str) -> io::Result<()> {
    let address = redis_address(url).ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            "it does not begin with redis://",
        )
    })?;
    first_that_answers([address.as_str()].into_iter(), |stream| {
        stream.write_all(b"PING\r\n")?;
        let mut answer = [0; 5];
        stream.read_exact(&mut answer)?;
        Ok(&answer == b"+PONG" || &answer == b"-NOAU")
    })
}

/// Host and port in a Redis URL.
fn redis_address(url: &str) -> Option<String> {
    let rest = url.strip_prefix("redis://")?;
    let authority = rest.split(['/', '?']).next()?;
    let host = authority.rsplit('@').next()?;
    let has_port = host.rsplit(']').next()?.contains(':');
    Some(if has_port {
        host.to_string()
    } else {
        format!("{host}:6379")
    })
}

/// Ok when one of the addresses can be connected to and `talk` finds what it looks for; else what the last one said.
fn first_that_answers<'a>(
    addresses: impl Iterator<Item = &'a str>,
    talk: impl Fn(&mut TcpStream) -> io::Result<bool>,
) -> io::Result<()> {
    let mut last = io::Error::new(io::ErrorKind::InvalidInput, "there is no address in it");
    for address in addresses.filter(|address| !address.is_empty()) {
        match connect(address).and_then(|mut stream| talk(&mut stream)) {
            Ok(true) => return Ok(()),
            Ok(false) => {
                last = io::Error::new(io::ErrorKind::InvalidData, "something else answers there")
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn connect(address: &str) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for socket in address.to_socket_addrs()? {
        match TcpStream::connect_timeout(&socket, PATIENCE) {
            Ok(stream) => {
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Serves one connection: reads `asked` bytes, answers, and gives what was read.
    fn serve(asked: usize, answer: &'static [u8]) -> (String, std::thread::JoinHandle<Vec<u8>>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback is there");
        let address = listener.local_addr().expect("it is bound").to_string();
        let served = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a client comes");
            let mut request = vec![0; asked];
            stream.read_exact(&mut request).expect("it asks");
            stream.write_all(answer).expect("it listens");
            request
        });
        (address, served)
    }

    #[test]
    fn free_ports_differ_and_taken_ones_are_passed_over() {
        let (first, second) = (
            free_port().expect("some are free"),
            free_port().expect("some are free"),
        );
        assert_ne!(first, second);
        assert!(RANGE.contains(&first) && RANGE.contains(&second));

        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, first)).expect("it is free");
        assert!(!is_free(first));
        assert_ne!(this_or_free(first).expect("others are free"), first);
        drop(taken);
        assert_eq!(this_or_free(first).expect("it is free"), first);
    }

    #[test]
    fn a_broker_is_asked_for_its_versions() {
        let (address, served) = serve(14, b"\0\0\0\x0awtrh\0\0\0\0\0\0");
        kafka_answers(&format!(" ,{address}")).expect("it answers");
        let request = served.join().expect("it was asked");
        assert_eq!(request, b"\0\0\0\x0a\0\x12\0\0wtrh\xff\xff");
    }

    #[test]
    fn what_is_no_kafka_and_what_is_no_redis_is_told() {
        let (address, served) = serve(14, b"HTTP/1.1 400 Bad Request\r\n");
        let error = kafka_answers(&address).expect_err("that is a web server");
        assert_eq!(error.to_string(), "something else answers there");
        served.join().expect("it was asked");

        let (address, served) = serve(6, b"-ERR unknown\r\n");
        redis_answers(&format!("redis://{address}")).expect_err("that is no Redis");
        served.join().expect("it was asked");

        assert!(kafka_answers("").is_err() && redis_answers("http://127.0.0.1").is_err());
    }

    #[test]
    fn a_redis_is_pinged() {
        for answer in [
            b"+PONG\r\n" as &[u8],
            b"-NOAUTH Authentication required.\r\n",
        ] {
            let (address, served) = serve(6, answer);
            redis_answers(&format!("redis://someone:secret@{address}/3")).expect("it answers");
            assert_eq!(served.join().expect("it was asked"), b"PING\r\n");
        }
    }

    #[test]
    fn redis_urls_have_an_address() {
        assert_eq!(redis_address("redis://host").as_deref(), Some("host:6379"));
        assert_eq!(
            redis_address("redis://:p@ss@host:1/0?x=y").as_deref(),
            Some("host:1")
        );
        assert_eq!(
            redis_address("redis://[::1]").as_deref(),
            Some("[::1]:6379")
        );
        assert_eq!(redis_address("redis://[::1]:2").as_deref(), Some("[::1]:2"));
        assert_eq!(redis_address("rediss://host"), None);
    }
}
