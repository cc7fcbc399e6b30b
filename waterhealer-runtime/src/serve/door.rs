//! Who may come in, and what every answer says beside its body. On loopback a page in somebody's browser could ask under a name
//! of its own that points here (DNS rebinding): such a name is not let in.

use std::net::IpAddr;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};

use super::routes::refuse;

/// What no answer goes without: it is old at once, and it is what it says it is.
const BESIDE: [(HeaderName, HeaderValue); 2] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
];

/// The router behind the door.
pub(super) fn guarded<S: Clone + Send + Sync + 'static>(
    router: Router<S>,
    loopback: bool,
) -> Router<S> {
    router.layer(from_fn(move |request: Request, next: Next| async move {
        let mut response = match loopback && !asks_for_this_machine(&request) {
            true => refuse(
                StatusCode::MISDIRECTED_REQUEST,
                "this answers on loopback only, by an address or as `localhost`",
            ),
            false => next.run(request).await,
        };
        response.headers_mut().extend(BESIDE);
        response
    }))
}

/// Whether it names this machine as no name server can: by an address, or as `localhost`. Whoever sends no name is no browser.
fn asks_for_this_machine(request: &Request) -> bool {
    let host = request.headers().get(header::HOST);
    let host = host.map(|host| host.to_str().unwrap_or_default());
    host.or_else(|| request.uri().host()).is_none_or(is_ours)
}

fn is_ours(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_localhost_come_in_and_other_names_do_not() {
        for host in [
            "127.0.0.1:8000",
            "localhost:8000",
            "[::1]:8000",
            "LocalHost",
            "127.0.0.1",
        ] {
            assert!(is_ours(host), "{host}");
        }
        for host in [
            "evil.example:8000",
            "localhost.evil.example",
            "",
            "127.0.0.1.nip.io:80",
            "x:y",
        ] {
            assert!(!is_ours(host), "{host}");
        }
    }
}
