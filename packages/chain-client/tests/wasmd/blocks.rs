//! Heights, hints by websocket, and blocks in order.

use std::time::Duration;

use mesg_chain_client::{Error, Follower, Heads, HeadsConfig};
use tokio::time::timeout;

use crate::bench::{Bench, DEAD};

const BOUND: Duration = Duration::from_secs(60);

#[tokio::test]
async fn websocket_hints_replace_the_poll() {
    let Some(bench) = Bench::new("websocket_hints_replace_the_poll", 1).await else {
        return;
    };
    let config = HeadsConfig { poll: Duration::from_secs(3_600), ..HeadsConfig::default() };
    // The dead endpoint is tried first: the websocket goes on to the next one.
    let heads = Heads::start(&bench.chain_on(&[DEAD, &bench.url]), config);
    let mut heights = heads.subscribe();
    let mut seen = vec![];
    while seen.len() < 4 {
        timeout(BOUND, heights.changed()).await.unwrap().unwrap();
        seen.push(heights.borrow().unwrap().height);
    }
    assert!(seen.is_sorted_by(|a, b| a < b), "{seen:?}");
    assert!(heads.hints() > 0);
}

#[tokio::test]
async fn heights_by_poll_alone() {
    let Some(bench) = Bench::new("heights_by_poll_alone", 1).await else {
        return;
    };
    let config = HeadsConfig { websocket: false, ..HeadsConfig::default() };
    let heads = Heads::start(&bench.chain, config);
    let mut heights = heads.subscribe();
    for _ in 0..3 {
        timeout(BOUND, heights.changed()).await.unwrap().unwrap();
    }
    assert_eq!(heads.hints(), 0);
    assert!(heads.latest().unwrap().time_nanos > 0);
}

#[tokio::test]
async fn follows_every_block_in_order_from_the_first() {
    let Some(bench) = Bench::new("follows_every_block_in_order_from_the_first", 1_000_000).await else {
        return;
    };
    let start = bench.status().await;
    let from = start.height.saturating_sub(50).max(start.earliest);
    let (hash, result) = bench.lane().send(&bench.to_self()).await.unwrap();
    let heads = Heads::start(&bench.chain_on(&[DEAD, &bench.url]), HeadsConfig::default());
    let mut follower = Follower::new(&bench.chain, &heads, from);
    let mut found = 0;
    for height in from..=result.height + 2 {
        let block = timeout(BOUND, follower.next()).await.unwrap().unwrap();
        assert_eq!(block.height, height);
        found += block.txs.iter().filter(|tx| tx.hash == hash && tx.result == result).count();
    }
    assert_eq!(found, 1);
    assert_eq!(follower.position(), result.height + 3);
    follower.jump(from);
    assert_eq!(follower.next().await.unwrap().height, from);
}

#[tokio::test]
async fn a_height_that_does_not_exist_yet() {
    let Some(bench) = Bench::new("a_height_that_does_not_exist_yet", 1).await else {
        return;
    };
    let future = bench.status().await.height + 1_000;
    let error = bench.chain.block(future).await.unwrap_err();
    assert!(matches!(error, Error::Rpc { .. }), "{error}");
    let heads = Heads::start(&bench.chain, HeadsConfig::default());
    let mut follower = Follower::new(&bench.chain, &heads, future);
    assert!(timeout(Duration::from_secs(2), follower.next()).await.is_err());
}

#[tokio::test]
async fn a_pruned_block_is_a_gap() {
    let Some(bench) = Bench::new("a_pruned_block_is_a_gap", 1).await else {
        return;
    };
    let heads = Heads::start(&bench.chain, HeadsConfig::default());
    let mut follower = Follower::new(&bench.chain, &heads, 0);
    let error = timeout(BOUND, follower.next()).await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Pruned { height: 0, earliest } if earliest > 0), "{error}");
    assert_eq!(follower.position(), 0);
}
