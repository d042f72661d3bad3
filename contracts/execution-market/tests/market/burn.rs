//! `Burn`: what was set aside leaves the supply.

use cw20::{Cw20QueryMsg, TokenInfoResponse};
use mesg_api::market::{ExecuteMsg, MarketEvent};
use mesg_test_kit::Suite;

use crate::phases::{finalized, suite};
use crate::snapshot::{moved, refused};

fn supply(suite: &Suite) -> u128 {
    let info: TokenInfoResponse = suite.query(&suite.token, &Cw20QueryMsg::TokenInfo {}).unwrap();
    info.total_supply.u128()
}

#[test]
fn exactly_the_bucket() {
    let mut suite = suite();
    refused(&mut suite, "mallory", &ExecuteMsg::Burn {}, "nothing to do");
    finalized(&mut suite);
    let (before, had) = (suite.ledger(), supply(&suite));
    assert_eq!(suite.market("mallory", &ExecuteMsg::Burn {}).unwrap(), [MarketEvent::Burned { amount: 102_109 }]);
    assert_eq!(supply(&suite), had - 102_109);
    assert_eq!(moved(&suite, &before), [0, 0, 0, 0, 0, 0, 0, -102_109]);
    refused(&mut suite, "mallory", &ExecuteMsg::Burn {}, "nothing to do");
    suite.check_invariants();
}
