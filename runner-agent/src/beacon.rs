//! Rounds of the randomness beacon over drand's HTTP interface.

use std::time::Duration;

use cosmwasm_std::Binary;
use mesg_protocol::beacon::randomness;
use reqwest::{Client, Url};
use serde::Deserialize;
use thiserror::Error;

use crate::config::RelaySection;

/// Bytes of a signature in G1.
const SIGNATURE: usize = 48;

/// Why a round cannot be had.
#[derive(Debug, Error)]
pub enum BeaconError {
    /// No answer, an error status (drand says 404 or 425 before the round), or no JSON.
    #[error("{url}: {reason}")]
    Http {
        /// What was asked.
        url: String,
        /// Why it failed.
        reason: String,
    },
    /// An answer that cannot be the round's.
    #[error("{url}: {reason}")]
    Answer {
        /// What was asked.
        url: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// There is no relay to ask.
    #[error("no beacon is configured")]
    NoSource,
}

/// As drand serves it; `randomness` is checked if given.
#[derive(Deserialize)]
struct Round {
    round: u64,
    signature: String,
    randomness: Option<String>,
}

/// The beacon's HTTP relays, in the order in which they are asked. Clones share connections.
#[derive(Clone)]
pub struct Beacon {
    client: Client,
    relays: Vec<Url>,
    chain_hash: Option<String>,
}

impl Beacon {
    /// The relays of the configuration; unlike locators they are the operator's own choice, so any address is taken.
    ///
    /// # Errors
    /// [`BeaconError::Http`] when the TLS library does not start.
    pub fn new(config: &RelaySection) -> Result<Self, BeaconError> {
        let client = Client::builder().timeout(Duration::from_secs(10)).build();
        let client = client.map_err(|error| http("client", &error))?;
        Ok(Self { client, relays: config.beacons.clone(), chain_hash: config.chain_hash.clone() })
    }

    /// The signature of a round, from the first relay that has it. The market verifies it.
    ///
    /// # Errors
    /// That of the last relay.
    pub async fn signature(&self, round: u64) -> Result<Binary, BeaconError> {
        let mut last = BeaconError::NoSource;
        for relay in &self.relays {
            match self.ask(relay, round).await {
                Ok(signature) => return Ok(signature),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    async fn ask(&self, relay: &Url, round: u64) -> Result<Binary, BeaconError> {
        let url = self.url(relay, round);
        let failed = |error: reqwest::Error| http(&url, &error);
        let response = self.client.get(&url).send().await.map_err(failed)?;
        let answer: Round = response.error_for_status().map_err(failed)?.json().await.map_err(failed)?;
        check(&answer, round).map_err(|reason| BeaconError::Answer { url: url.clone(), reason })
    }

    /// `<relay>/[<chain hash>/]public/<round>`.
    fn url(&self, relay: &Url, round: u64) -> String {
        let relay = relay.as_str().trim_end_matches('/');
        match &self.chain_hash {
            Some(hash) => format!("{relay}/{hash}/public/{round}"),
            None => format!("{relay}/public/{round}"),
        }
    }
}

fn check(answer: &Round, wanted: u64) -> Result<Binary, &'static str> {
    if answer.round != wanted {
        return Err("another round");
    }
    let signature = hex::decode(&answer.signature).map_err(|_| "signature is not hexadecimal")?;
    if signature.len() != SIGNATURE {
        return Err("signature has not 48 bytes");
    }
    match &answer.randomness {
        Some(claimed) if *claimed != randomness(&signature).to_string() => {
            Err("randomness is not that of the signature")
        }
        _ => Ok(Binary::from(signature)),
    }
}

fn http(url: &str, error: &reqwest::Error) -> BeaconError {
    BeaconError::Http { url: url.to_owned(), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// Round 123 of drand's quicknet.
    const SIGNATURE_123: &str =
        "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92";

    fn round(round: u64, signature: &str, randomness: Option<&str>) -> Round {
        Round { round, signature: signature.into(), randomness: randomness.map(str::to_owned) }
    }

    #[test]
    fn answers_are_checked() {
        assert_eq!(check(&round(123, SIGNATURE_123, None), 123).unwrap().len(), 48);
        assert!(check(&round(122, SIGNATURE_123, None), 123).is_err());
        assert!(check(&round(123, "b75c", None), 123).is_err());
        assert!(check(&round(123, "x", None), 123).is_err());
        assert!(check(&round(123, SIGNATURE_123, Some("00")), 123).is_err());
        let right = randomness(&hex::decode(SIGNATURE_123).unwrap()).to_string();
        assert!(check(&round(123, SIGNATURE_123, Some(&right)), 123).is_ok());
    }

    /// A drand relay as seen from outside: `GET /ab/public/123` only.
    async fn relay() -> Url {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = [0; 1024];
                let read = stream.read(&mut request).await.unwrap();
                let known = request[..read].starts_with(b"GET /ab/public/123 ");
                let body = format!(r#"{{"round":123,"signature":"{SIGNATURE_123}"}}"#);
                let (status, body) = if known { ("200 OK", body.as_str()) } else { ("425 Too Early", "{}") };
                let answer =
                    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        format!("http://{address}/").parse().unwrap()
    }

    #[tokio::test]
    async fn a_later_relay_stands_in() {
        let dead = "http://127.0.0.1:1".parse().unwrap();
        let config = RelaySection { beacons: vec![dead, relay().await], chain_hash: Some("ab".into()) };
        let beacon = Beacon::new(&config).unwrap();
        assert_eq!(hex::encode(beacon.signature(123).await.unwrap()), SIGNATURE_123);
        assert!(matches!(beacon.signature(124).await, Err(BeaconError::Http { .. })));
        let none = Beacon::new(&RelaySection { beacons: Vec::new(), chain_hash: None }).unwrap();
        assert!(matches!(none.signature(1).await, Err(BeaconError::NoSource)));
    }
}
