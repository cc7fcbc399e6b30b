//! Taking the address to answer at. An address that somebody has chosen must be had; the usual one may be another's.

use std::net::{SocketAddr, TcpListener as StdListener};

use tokio::net::TcpListener;

use crate::config::Http;
use crate::error::{Error, ErrorKind};
use crate::guard::guard;

/// Takes the address; `None` if it is the usual one, and taken.
///
/// # Errors
/// When an address that somebody has chosen cannot be had.
pub(crate) fn bind(http: Http) -> Result<Option<(TcpListener, SocketAddr)>, Error> {
    let Http { address, chosen } = http;
    match listen(address) {
        Ok(listening) => {
            let at = listening.1;
            tracing::info!(address = %at, "metrics, health and state are at http://{at}/");
            if !at.ip().is_loopback() {
                tracing::warn!(
                    address = %at,
                    "whoever reaches this machine at that address can read what the pipeline is doing, and what checkpoints and \
                     failures keep of records"
                );
            }
            Ok(Some(listening))
        }
        Err(why) if chosen => Err(Error::new(
            ErrorKind::Configuration,
            format!(
                "`http = {address}` cannot be had: {why}. If another program answers there, give this one another address, port 0 \
                 for any, or `off`"
            ),
        )),
        Err(why) => {
            tracing::warn!(
                %address,
                why,
                "metrics, health and state are not to be had over HTTP: the usual address is taken; `--http` names another, or `off`"
            );
            Ok(None)
        }
    }
}

fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), String> {
    let listener = StdListener::bind(address).map_err(|error| error.to_string())?;
    let at = listener.local_addr().map_err(|error| error.to_string())?;
    listener
        .set_nonblocking(true)
        .map_err(|error| error.to_string())?;
    // Tokio panics where its runtime was built without I/O.
    let listener = guard(|| TcpListener::from_std(listener));
    let listener = listener
        .map_err(|_| "the Tokio runtime was built without I/O: build it with `enable_all()`")?
        .map_err(|error| error.to_string())?;
    Ok((listener, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    }

    #[test]
    fn a_taken_address_is_a_mistake_only_if_somebody_chose_it() {
        let taken = StdListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        runtime().block_on(async {
            let usual = Http {
                address,
                chosen: false,
            };
            assert!(bind(usual).unwrap().is_none());
            let chosen = Http {
                chosen: true,
                ..usual
            };
            let error = bind(chosen).unwrap_err();
            assert_eq!(error.kind(), &ErrorKind::Configuration);
            assert!(error.to_string().contains(&address.to_string()), "{error}");
        });
    }

    #[test]
    fn any_port_is_told() {
        runtime().block_on(async {
            let any = Http {
                address: "127.0.0.1:0".parse().unwrap(),
                chosen: true,
            };
            let (_listener, at) = bind(any).unwrap().unwrap();
            assert_ne!(at.port(), 0);
        });
    }

    #[test]
    fn a_runtime_without_io_is_told_what_to_do() {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let any = Http {
            address: "127.0.0.1:0".parse().unwrap(),
            chosen: true,
        };
        let error = runtime.unwrap().block_on(async { bind(any).unwrap_err() });
        assert!(error.to_string().contains("enable_all"), "{error}");
    }
}
