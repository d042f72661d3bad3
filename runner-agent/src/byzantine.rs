//! Misbehaviour on purpose, for the scenarios of docs/scenarios.md. Only in builds with the feature `byzantine`, and only with
//! a section `[byzantine]`; every call from elsewhere is one line behind that feature.
//!
//! Seats of one round misbehave by their position in the draw, which nobody knows before; all others stay honest.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use cosmwasm_std::{Binary, Uint64};
use mesg_protocol::digest::{Digest32, sha256};
use mesg_protocol::ids::{ExecutionId, RunnerId};
use mesg_protocol::seal::{Kind, Value, round_value, seal, sign_message};
use serde::Deserialize;
use tokio::time::sleep;

use crate::act::{Act, Due};
use crate::attestation_key::AttestationKey;
use crate::config::{Config, WorkSection};
use crate::exchange::message::{MAX_BYTES, PATH, Shown, SignedSeal};
use crate::fetch::Fetcher;
use crate::journal::{RunResult, SealRow};
use crate::seat::Place;

/// Between two tries to show a second seal: the exchange may not know the round yet.
const PAUSE: Duration = Duration::from_millis(100);
/// Tries at most.
const TRIES: usize = 600;

/// `[byzantine]`: who misbehaves, and how.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByzantineSection {
    /// Round of the seats; 0 for the executor of a `verify` task.
    #[serde(default = "round_1")]
    pub round: u8,
    /// Their positions in the draw, from 0.
    pub seats: BTreeSet<usize>,
    /// What they do.
    pub act: Misdeed,
}

const fn round_1() -> u8 {
    1
}

/// What misbehaving seats do.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Misdeed {
    /// Stand for this output, canonical JSON, in the place of the task's.
    Lie(String),
    /// Seal, keep out of the exchange, and never open.
    NeverOpen,
    /// Sign a second seal, with another salt, and show it at this agent's endpoint before the round is certified.
    SignTwice,
    /// Show another seal at this agent's endpoint than the one that they post.
    ShowAnother,
}

/// A misbehaving agent.
pub struct Byzantine {
    section: ByzantineSection,
    domain: Digest32,
    endpoint: Option<String>,
    /// Seats that have sealed and do not go on: they keep out of the exchange, or have yet to show their second seal.
    holding: Mutex<BTreeSet<(ExecutionId, RunnerId)>>,
}

/// Own seals by execution.
type Seals = BTreeMap<ExecutionId, Vec<SealRow>>;

static ACTIVE: OnceLock<Byzantine> = OnceLock::new();

/// Begins to misbehave as configured, in the market of this `domain`. A process has one agent.
pub fn begin(config: &Config, domain: Digest32) {
    let Some(section) = config.byzantine.clone() else { return };
    tracing::warn!(?section, "misbehaves on purpose");
    let listen = config.exchange.as_ref().map(|exchange| exchange.listen);
    let _ = ACTIVE.set(Byzantine::new(section, domain, listen));
}

/// The value that a seat stands for when the task gave `value`.
#[must_use]
pub fn value(place: Place<'_>, value: &Value) -> Value {
    ACTIVE.get().map_or(*value, |byzantine| byzantine.value(place, value))
}

/// A seat has sealed.
pub fn sealed(execution: ExecutionId, place: Place<'_>, key: &AttestationKey, row: &SealRow) {
    if let Some(byzantine) = ACTIVE.get() {
        byzantine.sealed(execution, place, key, row);
    }
}

/// What is shown of a run whose value a seat has sealed.
#[must_use]
pub fn shown(execution: ExecutionId, sealed: &SealRow, result: RunResult) -> RunResult {
    match ACTIVE.get() {
        Some(byzantine) => byzantine.shown(execution, sealed, result),
        None => result,
    }
}

/// The seals that are exchanged.
#[must_use]
pub fn attending(waiting: Seals) -> Seals {
    match ACTIVE.get() {
        Some(byzantine) => byzantine.attending(waiting),
        None => waiting,
    }
}

/// Leaves undone what is not to be done.
pub fn forbear(due: &mut Vec<Due>) {
    if let Some(byzantine) = ACTIVE.get() {
        byzantine.forbear(due);
    }
}

impl Byzantine {
    fn new(section: ByzantineSection, domain: Digest32, listen: Option<SocketAddr>) -> Self {
        let endpoint = listen.map(|listen| format!("http://{listen}{PATH}"));
        Self { section, domain, endpoint, holding: Mutex::default() }
    }

    fn misbehaves(&self, Place { panel, seat }: Place<'_>) -> bool {
        let position = panel.seats.iter().position(|it| it.runner == seat.runner);
        panel.escalation == self.section.round && position.is_some_and(|it| self.section.seats.contains(&it))
    }

    fn value(&self, place: Place<'_>, value: &Value) -> Value {
        match &self.section.act {
            Misdeed::Lie(output) if self.misbehaves(place) => lie(output, value),
            _ => *value,
        }
    }

    fn shown(&self, execution: ExecutionId, sealed: &SealRow, result: RunResult) -> RunResult {
        let Misdeed::Lie(output) = &self.section.act else { return result };
        let value = lie(output, &result.value);
        if round_value(&self.domain, execution, sealed.round, &value.digest()) == sealed.value {
            return RunResult { value, output: Some(output.clone()) };
        }
        result
    }

    fn sealed(&self, execution: ExecutionId, place: Place<'_>, key: &AttestationKey, row: &SealRow) {
        if !self.misbehaves(place) || matches!(self.section.act, Misdeed::Lie(_)) {
            return;
        }
        self.holding().insert((execution, row.runner));
        if self.section.act == Misdeed::NeverOpen {
            return;
        }
        if let Some(second) = second_seal(&self.domain, execution, key, row) {
            tokio::spawn(show(self.endpoint.clone(), execution, row.round, second));
        }
    }

    fn attending(&self, mut waiting: Seals) -> Seals {
        if self.section.act != Misdeed::SignTwice {
            let holding = self.holding();
            for (execution, rows) in &mut waiting {
                rows.retain(|row| !holding.contains(&(*execution, row.runner)));
            }
        }
        waiting
    }

    fn forbear(&self, due: &mut Vec<Due>) {
        let holding = self.holding();
        due.retain(|due| match (&self.section.act, &due.act) {
            (Misdeed::NeverOpen, Act::Open(item)) => {
                !holding.contains(&(ExecutionId(item.execution.u64()), item.runner))
            }
            (Misdeed::SignTwice, Act::Certify(item)) => {
                holding.iter().all(|(execution, _)| execution.0 != item.execution.u64())
            }
            _ => true,
        });
    }

    fn holding(&self) -> MutexGuard<'_, BTreeSet<(ExecutionId, RunnerId)>> {
        self.holding.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The value of an output that nothing computed; what the run took is told as it was.
fn lie(output: &str, value: &Value) -> Value {
    let output_len = u64::try_from(output.len()).unwrap_or(u64::MAX);
    Value { kind: Kind::Ok, output: sha256(&[output.as_bytes()]), output_len, mfuel: value.mfuel }
}

fn second_seal(domain: &Digest32, execution: ExecutionId, key: &AttestationKey, row: &SealRow) -> Option<SignedSeal> {
    let salt = sha256(&[row.salt.as_bytes()]);
    let seal = seal(domain, execution, row.round, row.runner, &row.value, &salt);
    let message = sign_message(domain, execution, &row.seed, row.round, row.runner, &seal);
    let signature = Binary::from(key.sign(&message).ok()?.to_vec());
    Some(SignedSeal { runner: row.runner, seal, signature })
}

/// Shows a second seal where other seats show theirs, until it is taken.
async fn show(endpoint: Option<String>, execution: ExecutionId, round: u8, second: SignedSeal) {
    let runner = second.runner;
    let work = WorkSection { allow_private_addresses: true, ..WorkSection::default() };
    let (Some(endpoint), Ok(peers)) = (endpoint, Fetcher::new(&work)) else { return };
    let shown = Shown { execution: Uint64::new(execution.0), round, seals: vec![second], openings: Vec::new() };
    for _ in 0..TRIES {
        if peers.post(&endpoint, &shown, MAX_BYTES).await.is_ok() {
            tracing::warn!(%execution, %runner, "has shown a second seal");
            break;
        }
        sleep(PAUSE).await;
    }
    if let Some(byzantine) = ACTIVE.get().filter(|byzantine| byzantine.section.act == Misdeed::SignTwice) {
        byzantine.holding().remove(&(execution, runner));
    }
}

#[cfg(test)]
mod tests {
    use mesg_api::market::{OpenItem, PanelView, SeatView};
    use secrecy::SecretString;

    use super::*;
    use crate::attestation_key::AttestationSeed;
    use crate::journal::Run;
    use crate::seat::tests::execution;
    use crate::seat::{place_of, seal_value};

    /// Test mnemonic of BIP-39 (all zero entropy). Never fund it.
    const TEST_MNEMONIC: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
    const DOMAIN: Digest32 = Digest32([7; 32]);
    const ID: ExecutionId = ExecutionId(9);
    const TRUTH: &str = r#"{"n":1}"#;

    fn byzantine(act: &str) -> Byzantine {
        let section = toml::from_str(&format!("seats = [0]\nact = {act}")).unwrap();
        Byzantine::new(section, DOMAIN, None)
    }

    fn key() -> AttestationKey {
        AttestationSeed::new(&SecretString::from(TEST_MNEMONIC)).unwrap().key(0, 0).unwrap()
    }

    fn truth() -> RunResult {
        let value = Value { kind: Kind::Ok, output: sha256(&[TRUTH.as_bytes()]), output_len: 7, mfuel: 3 };
        RunResult { value, output: Some(TRUTH.into()) }
    }

    /// The panel of round 1 with seats of runners 5 and 7, and of round 2 with runner 6.
    fn view() -> mesg_api::market::ExecutionResponse {
        let mut view = execution();
        let other = SeatView { runner: RunnerId(7), ..view.panels[0].seats[0].clone() };
        view.panels[0] = PanelView { seats: vec![view.panels[0].seats[0].clone(), other], ..view.panels[0].clone() };
        view
    }

    fn sealed(byzantine: &Byzantine, runner: u32) -> SealRow {
        let view = view();
        let place = place_of(&view, RunnerId(runner)).unwrap();
        let row = seal_value(&DOMAIN, &view, place, &key(), &byzantine.value(place, &truth().value)).unwrap();
        byzantine.sealed(ID, place, &key(), &row);
        row
    }

    fn open(row: &SealRow) -> Due {
        let SealRow { runner, value, salt, .. } = *row;
        Due { by: 1, act: Act::Open(OpenItem { execution: Uint64::new(9), runner, value, salt }) }
    }

    #[test]
    fn a_liar_shows_its_lie_and_everybody_else_the_truth() {
        let byzantine = byzantine(r#"{ lie = '{"n":2}' }"#);
        let shown = |runner| byzantine.shown(ID, &sealed(&byzantine, runner), truth());
        assert_eq!(shown(7), truth(), "another position");
        assert_eq!(shown(6), truth(), "another round");
        let lie = shown(5);
        assert_eq!(lie.output.as_deref(), Some(r#"{"n":2}"#));
        assert_eq!((lie.value.output, lie.value.mfuel), (sha256(&[br#"{"n":2}"#]), 3));
        let own = SealRow { run: Run::Own, round: 0, ..sealed(&byzantine, 7) };
        assert_eq!(byzantine.shown(ID, &own, truth()), truth());
    }

    #[test]
    fn who_never_opens_keeps_out_of_the_exchange_and_opens_nothing() {
        let byzantine = byzantine(r#""never_open""#);
        let rows = [5, 7].map(|runner| sealed(&byzantine, runner));
        let waiting = byzantine.attending([(ID, rows.to_vec())].into());
        assert_eq!(waiting[&ID], [rows[1].clone()]);
        let mut due = vec![open(&rows[0]), open(&rows[1]), Due { by: 1, act: Act::Poke(9) }];
        byzantine.forbear(&mut due);
        assert_eq!(due.iter().map(|due| due.act.name()).collect::<Vec<_>>(), ["open/9/7", "poke/9"]);
    }

    #[tokio::test]
    async fn who_shows_another_seal_posts_and_opens_its_own() {
        let byzantine = byzantine(r#""show_another""#);
        let row = sealed(&byzantine, 5);
        assert_eq!(byzantine.attending([(ID, vec![row.clone()])].into())[&ID], []);
        let mut due = vec![open(&row)];
        byzantine.forbear(&mut due);
        assert_eq!(due.len(), 1);
    }

    #[tokio::test]
    async fn who_signs_twice_shows_both_before_the_certificate() {
        let byzantine = byzantine(r#""sign_twice""#);
        let row = sealed(&byzantine, 5);
        let second = second_seal(&DOMAIN, ID, &key(), &row).unwrap();
        assert_ne!(second.seal, row.seal);
        let item = mesg_api::market::CertifyItem {
            execution: Uint64::new(9),
            mfuel: Uint64::new(3),
            result: mesg_api::market::ResultItem::Invalid {},
            seats: Binary::default(),
        };
        let mut due = vec![Due { by: 1, act: Act::Certify(item) }, open(&row)];
        byzantine.forbear(&mut due);
        assert_eq!(due.iter().map(|due| due.act.name()).collect::<Vec<_>>(), ["open/9/5"]);
    }
}
