//! A seat's acts: from the value of the run to what is journaled and posted (docs/mechanism.md, 2.3).
//!
//! Every digest of a seat carries its round, every signature the seed of the round that drew it.

use cosmwasm_std::{Binary, Uint64};
use mesg_api::market::{
    CertifyItem, DeclineItem, ExecutionResponse, OpenItem, PanelView, PostResultItem, PublishItem, ResultItem,
    SealItem, SeatView,
};
use mesg_protocol::digest::Digest32;
use mesg_protocol::execution::{DeclineCode, ROUND_0};
use mesg_protocol::ids::{ExecutionId, KeyNo, RunnerId};
use mesg_protocol::seal::{self, Kind, Value, decline_message, round_value, salt_message, sign_message};

use crate::abstain::Abstain;
use crate::attestation_key::AttestationKey;
use crate::journal::{DeclineRow, Run, RunResult, SealRow};

/// A seat with what its panel says.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The panel that drew it.
    pub panel: &'a PanelView,
    /// The seat.
    pub seat: &'a SeatView,
}

/// The seat of a runner; a runner sits once in an execution.
#[must_use]
pub fn place_of(execution: &ExecutionResponse, runner: RunnerId) -> Option<Place<'_>> {
    execution.panels.iter().find_map(|panel| {
        let seat = panel.seats.iter().find(|seat| seat.runner == runner)?;
        Some(Place { panel, seat })
    })
}

/// Whether the requester's own runner executes.
#[must_use]
pub fn is_own_run(execution: &ExecutionResponse) -> bool {
    execution.phase == "own_run"
}

/// Seals `value` for a seat. The same for the same value, however often: the salt is derived, not drawn. In round 0 the
/// value itself is signed, since there is nobody to hide it from.
///
/// # Errors
/// [`Abstain::OtherSeal`] if the chain has another seal or opening of this seat; [`Abstain::Incomplete`] without a seed;
/// [`Abstain::NoOutput`] for anything but an output in round 0.
pub fn seal_value(
    domain: &Digest32,
    execution: &ExecutionResponse,
    place: Place<'_>,
    key: &AttestationKey,
    value: &Value,
) -> Result<SealRow, Abstain> {
    #[cfg(feature = "byzantine")]
    let value = &crate::byzantine::value(place, value);
    let id = ExecutionId(execution.execution.u64());
    let Place { panel, seat } = place;
    let seed = panel.seed.ok_or(Abstain::Incomplete { what: "seed" })?;
    let round = panel.escalation;
    if round == ROUND_0 {
        return sign_result(domain, id, &seed, (seat.runner, seat.key_no), key, (Run::Network, value));
    }
    let opened = round_value(domain, id, round, &value.digest());
    let salt = key.salt(&salt_message(domain, id, round))?;
    let seal = seal::seal(domain, id, round, seat.runner, &opened, &salt);
    if seat.seal.is_some_and(|on_chain| on_chain != seal) || seat.value.is_some_and(|on_chain| on_chain != opened) {
        return Err(Abstain::OtherSeal { runner: seat.runner.0 });
    }
    let signature = key.sign(&sign_message(domain, id, &seed, round, seat.runner, &seal))?.to_vec();
    let run = if execution.verify { Run::Check } else { Run::Network };
    let (runner, key_no) = (seat.runner, seat.key_no);
    let row = SealRow { round, run, runner, key_no, seed, value: opened, salt, seal, signature };
    #[cfg(feature = "byzantine")]
    crate::byzantine::sealed(id, place, key, &row);
    Ok(row)
}

/// Signs the result of an own run with the runner's newest key; its seed is zeros, since nothing was drawn.
///
/// # Errors
/// [`Abstain::NoOutput`] for anything but an output.
pub fn sign_own_result(
    domain: &Digest32,
    execution: ExecutionId,
    holder: (RunnerId, KeyNo),
    key: &AttestationKey,
    value: &Value,
) -> Result<SealRow, Abstain> {
    sign_result(domain, execution, &Digest32::ZERO, holder, key, (Run::Own, value))
}

fn sign_result(
    domain: &Digest32,
    execution: ExecutionId,
    seed: &Digest32,
    (runner, key_no): (RunnerId, KeyNo),
    key: &AttestationKey,
    (run, value): (Run, &Value),
) -> Result<SealRow, Abstain> {
    if value.kind != Kind::Ok {
        return Err(Abstain::NoOutput);
    }
    let held = round_value(domain, execution, ROUND_0, &value.digest());
    let signature = key.sign(&sign_message(domain, execution, seed, ROUND_0, runner, &held))?.to_vec();
    let (round, salt) = (ROUND_0, Digest32::ZERO);
    Ok(SealRow { round, run, runner, key_no, seed: *seed, value: held, salt, seal: held, signature })
}

/// Signs a decline of a seat, which the chain takes until `last`.
///
/// # Errors
/// [`Abstain::Incomplete`] without a seed.
pub fn decline_seat(
    domain: &Digest32,
    execution: ExecutionId,
    place: Place<'_>,
    key: &AttestationKey,
    (code, last): (DeclineCode, u64),
) -> Result<DeclineRow, Abstain> {
    let Place { panel, seat } = place;
    let (round, code) = (panel.escalation, code.to_u16());
    let seed = panel.seed.ok_or(Abstain::Incomplete { what: "seed" })?;
    let message = decline_message(domain, execution, &seed, round, seat.runner, code);
    let signature = key.sign(&message)?.to_vec();
    Ok(DeclineRow { round, runner: seat.runner, key_no: seat.key_no, seed, code, last, signature })
}

/// The decline as posted.
#[must_use]
pub fn decline_item(execution: u64, row: &DeclineRow) -> DeclineItem {
    DeclineItem {
        execution: Uint64::new(execution),
        runner: row.runner,
        code: row.code,
        signature: Binary::from(row.signature.clone()),
    }
}

/// The certificate as posted: what `published` shows, and what the seats of the round have signed.
#[must_use]
pub fn certify_item(seats: Vec<u8>, published: PublishItem) -> CertifyItem {
    let PublishItem { execution, mfuel, result } = published;
    CertifyItem { execution, mfuel, result, seats: Binary::from(seats) }
}

/// The signed result as posted: what `published` shows of it.
#[must_use]
pub fn result_item(row: &SealRow, published: PublishItem) -> PostResultItem {
    PostResultItem {
        execution: published.execution,
        runner: row.runner,
        mfuel: published.mfuel,
        result: published.result,
        signature: Binary::from(row.signature.clone()),
    }
}

/// The seal as posted.
#[must_use]
pub fn seal_item(execution: u64, row: &SealRow) -> SealItem {
    SealItem {
        execution: Uint64::new(execution),
        runner: row.runner,
        seal: row.seal,
        signature: Binary::from(row.signature.clone()),
    }
}

/// The opening as posted.
#[must_use]
pub fn open_item(execution: u64, row: &SealRow) -> OpenItem {
    OpenItem { execution: Uint64::new(execution), runner: row.runner, value: row.value, salt: row.salt }
}

/// The result as posted: inline if it fits, else by digest with `locator`.
#[must_use]
pub fn publish_item(execution: u64, result: RunResult, locator: Option<String>) -> PublishItem {
    let Value { kind, output, output_len, mfuel } = result.value;
    let len = u32::try_from(output_len).unwrap_or(u32::MAX);
    let posted = match (kind, result.output, locator) {
        (Kind::Valid, ..) => ResultItem::Valid { witness: output, len },
        (Kind::Invalid, ..) => ResultItem::Invalid {},
        (_, Some(_), Some(locator)) => ResultItem::Digest { sha256: output, len, locator },
        (_, Some(json), None) => ResultItem::Inline { json },
        (_, None, _) => ResultItem::Error { code: kind.error_code() },
    };
    PublishItem { execution: Uint64::new(execution), mfuel: Uint64::new(mfuel), result: posted }
}

#[cfg(test)]
pub(crate) mod tests {
    use cosmwasm_std::{Addr, Uint128};
    use k256::ecdsa::signature::hazmat::PrehashVerifier as _;
    use k256::ecdsa::{Signature, VerifyingKey};
    use mesg_api::market::{At, InputView};
    use mesg_protocol::execution::INVALID;
    use mesg_protocol::ids::{ParamsId, ServiceId, TermsId, VersionId};
    use mesg_protocol::seal::ErrorCode;
    use secrecy::SecretString;

    use super::*;
    use crate::attestation_key::AttestationSeed;

    /// Test mnemonic of BIP-39 (all zero entropy). Never fund it.
    const TEST_MNEMONIC: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
    const DOMAIN: Digest32 = Digest32([7; 32]);

    fn key() -> AttestationKey {
        AttestationSeed::new(&SecretString::from(TEST_MNEMONIC)).unwrap().key(0, 0).unwrap()
    }

    fn panel(escalation: u8, runner: u32) -> PanelView {
        PanelView {
            escalation,
            beacon: 0,
            round: Uint64::one(),
            seed: Some(Digest32([escalation.saturating_add(2); 32])),
            seats: vec![SeatView { runner: RunnerId(runner), ..seat() }],
            spares: Vec::new(),
            declined: Vec::new(),
        }
    }

    /// Seals for the seat of runner 5 as it is changed.
    fn sealed(change: impl FnOnce(&mut SeatView), value: &Value) -> Result<SealRow, Abstain> {
        let mut execution = execution();
        change(&mut execution.panels[0].seats[0]);
        let place = place_of(&execution, RunnerId(5)).unwrap();
        seal_value(&DOMAIN, &execution, place, &key(), value)
    }

    fn seat() -> SeatView {
        SeatView {
            runner: RunnerId(5),
            key_no: 0,
            progress: "seated".into(),
            seal: None,
            value: None,
            passed_slot: false,
            equivocated: false,
        }
    }

    /// An execution in round 1 with a seat of runner 5, and one of runner 6 in round 2.
    pub fn execution() -> ExecutionResponse {
        let at = At { time: Uint64::new(1), height: Uint64::new(1) };
        ExecutionResponse {
            execution: Uint64::new(9),
            requester: Addr::unchecked("user"),
            sub: 0,
            service: ServiceId(1),
            version: VersionId(1),
            terms: TermsId(1),
            params: ParamsId(1),
            requested: at,
            input: InputView { sha256: Digest32::ZERO, len: 2, json: Some("{}".into()), locator: None },
            escrow: Uint128::one(),
            tips_paid: Uint128::zero(),
            pot: Uint128::zero(),
            phase: "working".into(),
            reason: None,
            until: None,
            beacon: 0,
            round: Uint64::one(),
            escalation: 1,
            validators: 0,
            verify: false,
            panels: vec![panel(1, 5), panel(2, 6)],
            own_runner: None,
            unattested: false,
            result: None,
            value: None,
            decided: 0,
            challenge: None,
            history: Vec::new(),
        }
    }

    fn value(mfuel: u64) -> Value {
        Value { kind: Kind::Ok, output: Digest32([1; 32]), output_len: 2, mfuel }
    }

    #[test]
    fn a_lost_journal_gives_the_same_seal_again() {
        let first = sealed(|_| {}, &value(1)).unwrap();
        assert_eq!(sealed(|seat| seat.seal = Some(first.seal), &value(1)).unwrap(), first);
        assert_eq!(sealed(|seat| seat.value = Some(first.value), &value(1)).unwrap(), first);
        for other in [
            sealed(|seat| seat.seal = Some(first.seal), &value(2)).unwrap_err(),
            sealed(|seat| seat.value = Some(first.value), &value(2)).unwrap_err(),
        ] {
            assert!(matches!(other, Abstain::OtherSeal { runner: 5 }) && other.is_final());
        }
    }

    fn signed(message: &Digest32, signature: &[u8]) {
        let verifying = VerifyingKey::from_sec1_bytes(&key().public_key()).unwrap();
        verifying.verify_prehash(message.as_bytes(), &Signature::from_slice(signature).unwrap()).unwrap();
    }

    #[test]
    fn each_round_has_its_own_digests_and_the_seed_of_its_panel() {
        let execution = execution();
        for (runner, round) in [(5, 1), (6, 2)] {
            let place = place_of(&execution, RunnerId(runner)).unwrap();
            let row = seal_value(&DOMAIN, &execution, place, &key(), &value(1)).unwrap();
            assert_eq!((row.round, row.seed), (round, Digest32([2 + round; 32])));
            assert_eq!(row.value, round_value(&DOMAIN, ExecutionId(9), round, &value(1).digest()));
            assert_eq!(row.salt, key().salt(&salt_message(&DOMAIN, ExecutionId(9), round)).unwrap());
            let seal = seal::seal(&DOMAIN, ExecutionId(9), round, RunnerId(runner), &row.value, &row.salt);
            assert_eq!(row.seal, seal);
            let message = sign_message(&DOMAIN, ExecutionId(9), &row.seed, round, RunnerId(runner), &row.seal);
            signed(&message, &row.signature);
            let decline = decline_seat(&DOMAIN, ExecutionId(9), place, &key(), (DeclineCode::Machine, 77)).unwrap();
            assert_eq!((decline.round, decline.code, decline.last), (round, 2, 77));
            signed(
                &decline_message(&DOMAIN, ExecutionId(9), &row.seed, round, RunnerId(runner), 2),
                &decline.signature,
            );
        }
        let mut unseeded = execution.clone();
        unseeded.panels[0].seed = None;
        let place = place_of(&unseeded, RunnerId(5)).unwrap();
        let error = seal_value(&DOMAIN, &unseeded, place, &key(), &value(1)).unwrap_err();
        assert!(matches!(error, Abstain::Incomplete { what: "seed" }));
        assert!(place_of(&execution, RunnerId(7)).is_none());
    }

    #[test]
    fn results_of_round_0_are_signed_in_the_open() {
        let holder = (RunnerId(5), 3);
        let own = sign_own_result(&DOMAIN, ExecutionId(9), holder, &key(), &value(1)).unwrap();
        let held = round_value(&DOMAIN, ExecutionId(9), 0, &value(1).digest());
        assert_eq!((own.round, own.run, own.key_no, own.seal), (0, Run::Own, 3, held));
        signed(&sign_message(&DOMAIN, ExecutionId(9), &Digest32::ZERO, 0, RunnerId(5), &held), &own.signature);
        let execution = ExecutionResponse { panels: vec![panel(0, 5)], ..execution() };
        let place = place_of(&execution, RunnerId(5)).unwrap();
        let row = seal_value(&DOMAIN, &execution, place, &key(), &value(1)).unwrap();
        assert_eq!((row.round, row.run, row.seed), (0, Run::Network, Digest32([2; 32])));
        signed(&sign_message(&DOMAIN, ExecutionId(9), &row.seed, 0, RunnerId(5), &held), &row.signature);
        let failed = Value { kind: Kind::Err(ErrorCode::Trap), output: Digest32::ZERO, output_len: 0, mfuel: 0 };
        let error = seal_value(&DOMAIN, &execution, place, &key(), &failed).unwrap_err();
        assert!(matches!(error, Abstain::NoOutput));
        let posted = result_item(&row, publish_item(9, RunResult { value: value(1), output: Some("{}".into()) }, None));
        assert_eq!((posted.runner, posted.result), (RunnerId(5), ResultItem::Inline { json: "{}".into() }));
    }

    #[test]
    fn results_are_posted_inline_by_digest_or_as_errors() {
        let ok = RunResult { value: value(4), output: Some("{}".into()) };
        let inline = publish_item(9, ok.clone(), None);
        assert_eq!((inline.mfuel, inline.result), (Uint64::new(4), ResultItem::Inline { json: "{}".into() }));
        let by_digest = publish_item(9, ok, Some("http://x/1".into())).result;
        assert_eq!(by_digest, ResultItem::Digest { sha256: Digest32([1; 32]), len: 2, locator: "http://x/1".into() });
        let kind = Kind::Err(ErrorCode::Trap);
        let failed = RunResult { value: Value { kind, ..value(0) }, output: None };
        assert_eq!(publish_item(9, failed, None).result, ResultItem::Error { code: 4 });
        let accepted = RunResult { value: Value { kind: Kind::Valid, ..value(0) }, output: None };
        assert_eq!(publish_item(9, accepted, None).result, ResultItem::Valid { witness: Digest32([1; 32]), len: 2 });
        assert_eq!(publish_item(9, RunResult { value: INVALID, output: None }, None).result, ResultItem::Invalid {});
    }

    #[test]
    fn judges_of_a_result_seal_what_its_checker_says() {
        let execution = ExecutionResponse { verify: true, panels: vec![panel(0, 4), panel(1, 5)], ..execution() };
        let place = place_of(&execution, RunnerId(5)).unwrap();
        let row = seal_value(&DOMAIN, &execution, place, &key(), &INVALID).unwrap();
        assert_eq!((row.round, row.run), (1, Run::Check));
        assert_eq!(row.value, round_value(&DOMAIN, ExecutionId(9), 1, &INVALID.digest()));
        let executor = place_of(&execution, RunnerId(4)).unwrap();
        assert_eq!(seal_value(&DOMAIN, &execution, executor, &key(), &value(0)).unwrap().run, Run::Network);
        let error = seal_value(&DOMAIN, &execution, executor, &key(), &INVALID).unwrap_err();
        assert!(matches!(error, Abstain::NoOutput), "a verdict is no result");
    }
}
