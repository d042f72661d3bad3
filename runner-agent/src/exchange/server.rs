//! The endpoint at which other seats show their seals: one small POST, bounded in size, time and number.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout};

use super::hub::Hub;
use super::message::{MAX_BYTES, PATH, Shown};
use crate::clock::unix_seconds;

/// Connections at the same time.
const CONNECTIONS: usize = 64;
/// One request must be over within this time.
const REQUEST: Duration = Duration::from_secs(10);
/// Requests of one address in [`PERIOD`].
const REQUESTS: u32 = 200;
const PERIOD: Duration = Duration::from_secs(10);
/// Addresses that are counted in one period at most; more are not served.
const ADDRESSES: usize = 4_096;

/// Serves for ever; a connection carries one request.
pub async fn serve(listener: TcpListener, hub: Arc<Hub>) {
    let (slots, mut limit) = (Arc::new(Semaphore::new(CONNECTIONS)), Limit::new());
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        let Ok(slot) = Arc::clone(&slots).try_acquire_owned() else { continue };
        if limit.allows(peer.ip(), Instant::now()) {
            let hub = Arc::clone(&hub);
            tokio::spawn(async move {
                let _ = timeout(REQUEST, converse(stream, &hub)).await;
                drop(slot);
            });
        }
    }
}

async fn converse(stream: TcpStream, hub: &Hub) {
    let service = service_fn(|request| async { Ok::<_, Infallible>(respond(request, hub).await) });
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).keep_alive(false).max_buf_size(MAX_BYTES);
    if let Err(error) = server.serve_connection(TokioIo::new(stream), service).await {
        tracing::debug!(%error, "exchange");
    }
}

async fn respond(request: Request<Incoming>, hub: &Hub) -> Response<Full<Bytes>> {
    if request.uri().path() != PATH {
        return status(StatusCode::NOT_FOUND);
    }
    if request.method() != Method::POST {
        return status(StatusCode::METHOD_NOT_ALLOWED);
    }
    let Ok(body) = Limited::new(request.into_body(), MAX_BYTES).collect().await else {
        return status(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let Ok(shown) = serde_json::from_slice::<Shown>(&body.to_bytes()) else {
        return status(StatusCode::BAD_REQUEST);
    };
    match hub.answer(shown, unix_seconds()).map(|mine| serde_json::to_vec(&mine)) {
        Some(Ok(bytes)) => Response::new(Full::new(Bytes::from(bytes))),
        Some(Err(_)) => status(StatusCode::INTERNAL_SERVER_ERROR),
        None => status(StatusCode::NOT_FOUND),
    }
}

fn status(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}

/// Requests by address in the present period.
struct Limit {
    began: Instant,
    counts: HashMap<IpAddr, u32>,
}

impl Limit {
    fn new() -> Self {
        Self { began: Instant::now(), counts: HashMap::new() }
    }

    fn allows(&mut self, address: IpAddr, now: Instant) -> bool {
        if now.duration_since(self.began) >= PERIOD {
            (self.began, self.counts) = (now, HashMap::new());
        }
        if self.counts.len() >= ADDRESSES && !self.counts.contains_key(&address) {
            return false;
        }
        let count = self.counts.entry(address).or_default();
        *count = count.saturating_add(1);
        *count <= REQUESTS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attack_64_addresses_are_limited_for_a_period() {
        let (mut limit, now) = (Limit::new(), Instant::now());
        let (one, two) = (IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 2]));
        assert!((0..REQUESTS).all(|_| limit.allows(one, now)));
        assert!(!limit.allows(one, now) && limit.allows(two, now));
        assert!(limit.allows(one, now + PERIOD));
        let many = (0..5_000u32).filter(|n| limit.allows(IpAddr::from(n.to_be_bytes()), now + PERIOD)).count();
        assert_eq!(many, ADDRESSES - 1);
    }
}
