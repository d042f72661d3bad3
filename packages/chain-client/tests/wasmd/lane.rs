//! What a lane does about stale sequences, fees, gas, crashes and dead endpoints.

use std::{sync::atomic::Ordering, time::Duration};

use mesg_chain_client::{Class, Error, PendingTx, Rejection, TxEnd, TxHash};

use crate::bench::{Bench, DEAD};

const GAS: u64 = 200_000;
const FEE: u128 = 5_000;
const FUNDS: u128 = 1_000_000;

#[tokio::test]
async fn simulate_send_and_lookup() {
    let Some(bench) = Bench::new("simulate_send_and_lookup", FUNDS).await else {
        return;
    };
    let lane = bench.lane();
    let request = bench.to_self();
    let simulated = lane.simulate(&request.messages).await.unwrap();
    let (hash, result) = lane.send(&request).await.unwrap();
    assert_eq!(result.code, 0);
    assert!(simulated > 50_000 && result.gas_wanted >= simulated);
    assert_eq!(bench.chain.tx(hash).await.unwrap(), Some(result.clone()));
    assert_eq!(bench.chain.tx(TxHash([0; 32])).await.unwrap(), None);
    assert_eq!(*bench.journal.ends.lock().unwrap(), [(hash, TxEnd::Included(result))]);
    assert!(bench.journal.pending.lock().unwrap().is_empty());
}

#[tokio::test]
async fn recovers_from_a_transaction_outside_of_the_lane() {
    let Some(bench) = Bench::new("recovers_from_a_transaction_outside_of_the_lane", FUNDS).await else {
        return;
    };
    let lane = bench.lane();
    let first = bench.account().await.sequence;
    // In the mempool, not yet committed: the node says "expected E, got G" with E > G.
    for sequence in [first, first + 1] {
        let raw = bench.raw(sequence, 0, GAS, FEE).await;
        assert_eq!(bench.broadcast(raw).await.unwrap().1, 0);
    }
    lane.send(&bench.to_self()).await.unwrap();
    assert_eq!(bench.account().await.sequence, first + 3);
}

#[tokio::test]
async fn pays_what_the_node_asks_up_to_the_maximum() {
    let Some(bench) = Bench::new("pays_what_the_node_asks_up_to_the_maximum", FUNDS).await else {
        return;
    };
    let mut config = bench.config();
    config.gas_price = format!("0.001{}", bench.denom).parse().unwrap();
    let cheap = bench.lane_on(&bench.chain, config.clone());
    cheap.send(&bench.to_self()).await.unwrap();
    let refused = TxEnd::Refused(Rejection::OutOfGas);
    assert!(bench.journal.ends.lock().unwrap().iter().all(|(_, end)| *end != refused));
    assert_eq!(bench.journal.ends.lock().unwrap().len(), 2);

    config.max_gas_price = config.gas_price.clone();
    let error = bench.lane_on(&bench.chain, config).send(&bench.to_self()).await.unwrap_err();
    assert!(matches!(error, Error::FeeAboveMax { .. }), "{error}");
    assert!(matches!(error.class(), Class::Retry(_)));
}

#[tokio::test]
async fn out_of_gas_in_a_block_is_made_again_with_more() {
    let Some(bench) = Bench::new("out_of_gas_in_a_block_is_made_again_with_more", FUNDS).await else {
        return;
    };
    let mut config = bench.config();
    config.gas_multiplier = 850;
    let (hash, result) = bench.lane_on(&bench.chain, config).send(&bench.to_self()).await.unwrap();
    let ends = bench.journal.ends.lock().unwrap();
    assert!(ends.len() > 1);
    let failed = ends.iter().filter_map(|(_, end)| match end {
        TxEnd::Included(result) => result.rejection(),
        TxEnd::Refused(rejection) => Some(rejection.clone()),
        _ => None,
    });
    assert!(failed.clone().count() > 0 && failed.clone().all(|r| r == Rejection::OutOfGas));
    assert_eq!(ends.last(), Some(&(hash, TxEnd::Included(result))));
}

#[tokio::test]
async fn a_fixed_gas_limit_is_not_raised() {
    let Some(bench) = Bench::new("a_fixed_gas_limit_is_not_raised", FUNDS).await else {
        return;
    };
    let mut request = bench.to_self();
    request.gas_limit = Some(1_000);
    let error = bench.lane().send(&request).await.unwrap_err();
    assert!(matches!(error, Error::Rejected { rejection: Rejection::OutOfGas, included: None }), "{error}");
    let mut config = bench.config();
    config.max_gas = 999;
    let error = bench.lane_on(&bench.chain, config).send(&request).await.unwrap_err();
    assert!(matches!(error, Error::GasAboveMax { needed: 1_000, max: 999 }), "{error}");
}

#[tokio::test]
async fn nothing_leaves_before_the_journal_has_it() {
    let Some(bench) = Bench::new("nothing_leaves_before_the_journal_has_it", FUNDS).await else {
        return;
    };
    let before = bench.account().await.sequence;
    bench.journal.broken.store(true, Ordering::SeqCst);
    let error = bench.lane().send(&bench.to_self()).await.unwrap_err();
    assert!(matches!(error, Error::Journal(_)) && error.class() == Class::Fatal, "{error}");
    bench.journal.broken.store(false, Ordering::SeqCst);

    // The process died here. The next one finds the row, and the same bytes go out.
    let pending = bench.journal.pending.lock().unwrap().clone();
    assert_eq!(pending.len(), 1);
    assert_eq!(pending[0].intents, ["one"]);
    let ends = bench.lane().resume(pending.clone()).await.unwrap();
    assert!(matches!(&ends[..], [(hash, TxEnd::Included(result))] if *hash == pending[0].hash && result.code == 0));
    assert_eq!(bench.account().await.sequence, before + 1);

    // Died again before the end was written: resuming once more finds it, and sends nothing.
    let again = bench.lane().resume(pending).await.unwrap();
    assert_eq!(again, ends);
    assert_eq!(bench.account().await.sequence, before + 1);
}

#[tokio::test]
async fn rebroadcast_of_pending_bytes_is_harmless() {
    let Some(bench) = Bench::new("rebroadcast_of_pending_bytes_is_harmless", FUNDS).await else {
        return;
    };
    let tx = pending(&bench, 10).await;
    assert_eq!(bench.broadcast(tx.raw.clone()).await.unwrap().1, 0);
    let ends = bench.lane().resume(vec![tx]).await.unwrap();
    assert!(matches!(&ends[0].1, TxEnd::Included(result) if result.code == 0));
}

#[tokio::test]
async fn past_its_timeout_height_it_never_happened() {
    let Some(bench) = Bench::new("past_its_timeout_height_it_never_happened", FUNDS).await else {
        return;
    };
    let mut tx = pending(&bench, 0).await;
    tx.timeout_height -= 2;
    tx.raw = bench.raw(tx.sequence, tx.timeout_height, GAS, FEE).await;
    tx.hash = TxHash::of(&tx.raw);
    let ends = bench.lane().resume(vec![tx]).await.unwrap();
    assert_eq!(ends[0].1, TxEnd::Expired);

    // The next block is too late: it drops out of the mempool, or stands in that block with code 30.
    let mut request = bench.to_self();
    request.timeout_blocks = Some(0);
    let error = bench.lane().send(&request).await.unwrap_err();
    let too_late = match &error {
        Error::Dropped { .. } => true,
        Error::Rejected { rejection, .. } => *rejection == Rejection::TimeoutHeight,
        Error::Attempts { last, .. } => *last == Rejection::TimeoutHeight,
        _ => false,
    };
    assert!(too_late, "{error}");
    bench.lane().send(&bench.to_self()).await.unwrap();
}

#[tokio::test]
async fn another_transaction_took_the_sequence() {
    let Some(bench) = Bench::new("another_transaction_took_the_sequence", FUNDS).await else {
        return;
    };
    let tx = pending(&bench, 20).await;
    bench.lane().send(&bench.to_self()).await.unwrap();
    let ends = bench.lane().resume(vec![tx]).await.unwrap();
    assert_eq!(ends[0].1, TxEnd::Replaced);
}

#[tokio::test]
async fn a_cancelled_send_is_brought_to_its_end_first() {
    let Some(bench) = Bench::new("a_cancelled_send_is_brought_to_its_end_first", FUNDS).await else {
        return;
    };
    let lane = bench.lane();
    let before = bench.account().await.sequence;
    let request = bench.to_self();
    let recorded = async {
        while bench.journal.pending.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = lane.send(&request) => panic!("sent before it was recorded"),
        () = recorded => {}
    }
    lane.send(&request).await.unwrap();
    let ends = bench.journal.ends.lock().unwrap().len();
    let used = bench.account().await.sequence - before;
    // Cancelled before it was in flight, or brought to its end: each transaction that left has an end.
    assert_eq!(u64::try_from(ends).unwrap(), used);
}

#[tokio::test]
async fn goes_on_when_the_first_endpoint_is_dead() {
    let Some(bench) = Bench::new("goes_on_when_the_first_endpoint_is_dead", FUNDS).await else {
        return;
    };
    let chain = bench.chain_on(&[DEAD, &bench.url]);
    let lane = bench.lane_on(&chain, bench.config());
    lane.send(&bench.to_self()).await.unwrap();
    assert!(bench.url.ends_with(lane.chain().sticky()));
    // Two writers of one view keep their own sticky endpoint.
    assert_eq!(chain.sticky(), "127.0.0.1:9");
}

#[tokio::test]
async fn a_halted_wait_leaves_it_pending() {
    let Some(bench) = Bench::new("a_halted_wait_leaves_it_pending", FUNDS).await else {
        return;
    };
    let mut config = bench.config();
    config.wait = Duration::ZERO;
    let lane = bench.lane_on(&bench.chain, config);
    let before = bench.account().await.sequence;
    let mut pending = 0;
    while bench.account().await.sequence == before {
        match lane.send(&bench.to_self()).await {
            Err(error @ Error::Pending { .. }) => {
                assert!(matches!(error.class(), Class::Retry(_)));
                pending += 1;
            }
            other => {
                other.unwrap();
            }
        }
    }
    assert!(pending > 0);
}

/// A transfer that was journaled and never sent.
async fn pending(bench: &Bench, blocks: u64) -> PendingTx {
    let made_at = bench.status().await.height;
    let sequence = bench.account().await.sequence;
    let raw = bench.raw(sequence, made_at + blocks, GAS, FEE).await;
    PendingTx { hash: TxHash::of(&raw), raw, sequence, made_at, timeout_height: made_at + blocks, intents: vec![] }
}
