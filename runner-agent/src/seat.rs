//! A seat's seal: from the value of the run to what is journaled and posted (docs/mechanism.md, 2.3).

use cosmwasm_std::{Binary, Uint64};
use mesg_api::market::{ExecutionResponse, OpenItem, PublishItem, ResultItem, SealItem, SeatView};
use mesg_protocol::digest::Digest32;
use mesg_protocol::execution::ROUND_1;
use mesg_protocol::ids::{ExecutionId, RunnerId};
use mesg_protocol::seal::{self, Value, round_value, salt_message, sign_message};

use crate::abstain::Abstain;
use crate::attestation_key::AttestationKey;
use crate::journal::{RunResult, SealRow};

/// Seals `value` for a seat. The same for the same value, however often: the salt is derived, not drawn.
///
/// # Errors
/// [`Abstain::OtherSeal`] if the chain has another seal or opening of this seat; [`Abstain::Incomplete`] without a seed.
pub fn seal_value(
    domain: &Digest32,
    execution: &ExecutionResponse,
    seat: &SeatView,
    key: &AttestationKey,
    value: &Value,
) -> Result<SealRow, Abstain> {
    let id = ExecutionId(execution.execution.u64());
    let seed = execution.seed.ok_or(Abstain::Incomplete { what: "seed" })?;
    let opened = round_value(domain, id, ROUND_1, &value.digest());
    let salt = key.salt(&salt_message(domain, id, ROUND_1))?;
    let seal = seal::seal(domain, id, ROUND_1, seat.runner, &opened, &salt);
    if seat.seal.is_some_and(|on_chain| on_chain != seal) || seat.value.is_some_and(|on_chain| on_chain != opened) {
        return Err(Abstain::OtherSeal { runner: seat.runner.0 });
    }
    let signature = key.sign(&sign_message(domain, id, &seed, ROUND_1, seat.runner, &seal))?;
    let (runner, key_no) = (seat.runner, seat.key_no);
    Ok(SealRow { runner, key_no, seed, value: opened, salt, seal, signature: signature.to_vec() })
}

/// The seat of a runner.
#[must_use]
pub fn seat_of(execution: &ExecutionResponse, runner: RunnerId) -> Option<&SeatView> {
    execution.seats.iter().find(|seat| seat.runner == runner)
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
    let posted = match (result.output, locator) {
        (Some(_), Some(locator)) => {
            ResultItem::Digest { sha256: output, len: u32::try_from(output_len).unwrap_or(u32::MAX), locator }
        }
        (Some(json), None) => ResultItem::Inline { json },
        (None, _) => ResultItem::Error { code: kind.error_code() },
    };
    PublishItem { execution: Uint64::new(execution), mfuel: Uint64::new(mfuel), result: posted }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::{Addr, Uint128};
    use k256::ecdsa::signature::hazmat::PrehashVerifier as _;
    use k256::ecdsa::{Signature, VerifyingKey};
    use mesg_api::market::{At, InputView};
    use mesg_protocol::ids::{ParamsId, ServiceId, TermsId, VersionId};
    use mesg_protocol::seal::{ErrorCode, Kind};
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

    fn seat() -> SeatView {
        SeatView {
            runner: RunnerId(5),
            key_no: 0,
            progress: "seated".into(),
            seal: None,
            value: None,
            passed_slot: false,
        }
    }

    fn execution() -> ExecutionResponse {
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
            seed: Some(Digest32([3; 32])),
            seats: vec![seat()],
            spares: Vec::new(),
            value: None,
            history: Vec::new(),
        }
    }

    fn value(mfuel: u64) -> Value {
        Value { kind: Kind::Ok, output: Digest32([1; 32]), output_len: 2, mfuel }
    }

    #[test]
    fn a_lost_journal_gives_the_same_seal_again() {
        let first = seal_value(&DOMAIN, &execution(), &seat(), &key(), &value(1)).unwrap();
        let sealed = SeatView { seal: Some(first.seal), ..seat() };
        assert_eq!(seal_value(&DOMAIN, &execution(), &sealed, &key(), &value(1)).unwrap(), first);
        let opened = SeatView { value: Some(first.value), ..seat() };
        assert_eq!(seal_value(&DOMAIN, &execution(), &opened, &key(), &value(1)).unwrap(), first);
        for bound in [sealed, opened] {
            let other = seal_value(&DOMAIN, &execution(), &bound, &key(), &value(2)).unwrap_err();
            assert!(matches!(other, Abstain::OtherSeal { runner: 5 }) && other.is_final());
        }
    }

    #[test]
    fn the_signature_is_over_the_protocols_message() {
        let row = seal_value(&DOMAIN, &execution(), &seat(), &key(), &value(1)).unwrap();
        let message = sign_message(&DOMAIN, ExecutionId(9), &row.seed, ROUND_1, RunnerId(5), &row.seal);
        let verifying = VerifyingKey::from_sec1_bytes(&key().public_key()).unwrap();
        let signature = Signature::from_slice(&row.signature).unwrap();
        verifying.verify_prehash(message.as_bytes(), &signature).unwrap();
        assert_eq!(row.seal, seal::seal(&DOMAIN, ExecutionId(9), ROUND_1, RunnerId(5), &row.value, &row.salt));
        let unseeded = ExecutionResponse { seed: None, ..execution() };
        let error = seal_value(&DOMAIN, &unseeded, &seat(), &key(), &value(1)).unwrap_err();
        assert!(matches!(error, Abstain::Incomplete { what: "seed" }));
        assert!(seat_of(&execution(), RunnerId(5)).is_some() && seat_of(&execution(), RunnerId(6)).is_none());
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
    }
}
