//! The table of codes, as the node really answers.

use mesg_chain_client::{Class, Error, Rejection, TxRequest, classify};

use crate::bench::Bench;

const GAS: u64 = 200_000;
const FEE: u128 = 5_000;

async fn refusal(bench: &Bench, raw: Vec<u8>) -> (u32, Rejection) {
    let (codespace, code, log) = bench.broadcast(raw).await.unwrap();
    assert_eq!(codespace, "sdk", "{log}");
    (code, classify(&codespace, code, &log).expect(&log))
}

#[tokio::test]
async fn check_tx_codes() {
    let Some(bench) = Bench::new("check_tx_codes", 1_000_000).await else {
        return;
    };
    let sequence = bench.account().await.sequence;
    let height = bench.status().await.height;

    let (code, why) = refusal(&bench, bench.raw(sequence + 3, 0, GAS, FEE).await).await;
    assert_eq!((code, why), (32, Rejection::Sequence { expected: sequence, got: sequence + 3 }));

    let (code, why) = refusal(&bench, bench.raw(sequence, 0, GAS, 1).await).await;
    assert_eq!(code, 13);
    assert_eq!(why, Rejection::InsufficientFee { required: format!("{FEE}{}", bench.denom) });

    let (code, why) = refusal(&bench, bench.raw(sequence, 0, 1_000, FEE).await).await;
    assert_eq!((code, why), (11, Rejection::OutOfGas));

    let (code, why) = refusal(&bench, bench.raw(sequence, 0, GAS, 10_000_000).await).await;
    assert_eq!((code, why), (5, Rejection::InsufficientFunds));

    let (code, why) = refusal(&bench, bench.raw(sequence, height - 1, GAS, FEE).await).await;
    assert_eq!((code, why), (30, Rejection::TimeoutHeight));
}

#[tokio::test]
async fn same_bytes_twice_are_in_the_cache() {
    let Some(bench) = Bench::new("same_bytes_twice_are_in_the_cache", 1_000_000).await else {
        return;
    };
    let raw = bench.raw(bench.account().await.sequence, 0, GAS, FEE).await;
    assert_eq!(bench.broadcast(raw.clone()).await.unwrap().1, 0);
    let text = bench.broadcast(raw).await.unwrap_err();
    assert!(text.contains("tx already exists in cache"), "{text}");
}

#[tokio::test]
async fn no_funds_for_the_fee_stops_the_lane() {
    let Some(bench) = Bench::new("no_funds_for_the_fee_stops_the_lane", 10).await else {
        return;
    };
    let error = bench.lane().send(&bench.to_self()).await.unwrap_err();
    assert!(matches!(error, Error::Rejected { rejection: Rejection::InsufficientFunds, .. }), "{error}");
    assert_eq!(error.class(), Class::Fatal);
}

#[tokio::test]
async fn a_transfer_beyond_the_balance_is_permanent() {
    let Some(bench) = Bench::new("a_transfer_beyond_the_balance_is_permanent", 1_000_000).await else {
        return;
    };
    let coins = vec![mesg_chain_client::Coin::new(u128::from(u64::MAX), &bench.denom)];
    let message = mesg_chain_client::Message::Send { to: bench.address(), coins };
    let request = TxRequest::new(vec![message], vec![]);
    let error = bench.lane().send(&request).await.unwrap_err();
    assert!(matches!(error, Error::Rejected { rejection: Rejection::Message { .. }, included: None }), "{error:?}");
    assert_eq!(error.class(), Class::Permanent);
}

#[tokio::test]
async fn account_that_never_received_anything() {
    let Some(bench) = Bench::new("account_that_never_received_anything", 1).await else {
        return;
    };
    let mnemonic = secrecy::SecretString::from(
        // Test mnemonic of BIP-39. Never fund it.
        "legal winner thank year wave sausage worth useful legal winner thank yellow",
    );
    let key = mesg_chain_client::SigningKey::account(&mnemonic, 1_999_999_999).unwrap();
    let lane = mesg_chain_client::Lane::new(&bench.chain, key, bench.config(), bench.journal.clone()).unwrap();
    let error = lane.send(&bench.to_self()).await.unwrap_err();
    assert!(matches!(error, Error::AccountMissing { .. }), "{error}");
}
